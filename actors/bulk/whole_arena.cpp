#include "actors/bulk/whole_arena.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstdint>

namespace souk::actors::bulk {

namespace {

/// Where the arena would begin that a run lies in. An address, since pointers into
/// different arrays must not be subtracted.
std::uintptr_t arena_of(const core::gradient_run& run) {
  return reinterpret_cast<std::uintptr_t>(run.values) - run.offset * sizeof(float);
}

} // namespace

core::span<const float> whole_arena::view(const arena_payloads& ranges,
                                          std::size_t size) {
  const auto& front = *ranges.at(0);
  core::expects(!front.runs.empty(), "a range of parameters is whole");
  const auto arena = arena_of(front.runs[0]);
  // A tensor that came over the network need not lie on a cache line.
  auto in_place = arena % 64 == 0;
  for (const auto& range : ranges)
    for (const auto& run : range->runs) {
      core::expects(run.offset + run.length <= size, "parameters lie in their arena");
      in_place &= arena_of(run) == arena;
    }
  if (in_place)
    return {reinterpret_cast<const float*>(arena), size};
  if (copy_.size() != size)
    copy_ = core::aligned_buffer<float>{size};
  for (const auto& range : ranges)
    for (const auto& run : range->runs)
      std::copy_n(run.values, run.length, copy_.data() + run.offset);
  return {copy_.data(), size};
}

} // namespace souk::actors::bulk
