#pragma once

#include "actors/bulk/payload.hpp"
#include "core/aligned_vector.hpp"

#include <memory>
#include <vector>

namespace souk::actors::bulk {

/// A range of the arena after the other, as the exchange holds them.
using arena_payloads = std::vector<std::shared_ptr<const payload>>;

/// Views a whole arena whose ranges are payloads of this process.
class whole_arena {
public:
  /// Views `size` floats: in place where all ranges lie in one arena, else copied
  /// together. Valid as long as the payloads are, and until the next call. Together
  /// the payloads' runs tile the arena.
  core::span<const float> view(const arena_payloads& ranges, std::size_t size);

private:
  core::aligned_buffer<float> copy_;
};

} // namespace souk::actors::bulk
