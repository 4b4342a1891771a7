#pragma once

#include "core/gradient.hpp"
#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace souk::actors::bulk {

/// Numbers of one range of the arena, as the exchange holds them: runs that point into
/// memory which `owner` keeps alive.
struct payload {
  core::gradient_slice runs;
  std::shared_ptr<const void> owner;
};

/// Whether all runs lie inside a range of the arena.
bool lies_within(const core::gradient_slice& runs, const core::arena_range& range);

/// How a payload travels: the number of runs, then offset and length of each (all
/// 64-bit, little-endian), then the floats of all runs. Returns the bytes that this
/// takes.
std::uint64_t encoded_length(const core::gradient_slice& runs);

/// Writes the bytes [offset, offset + out.size()) of the encoding.
void encode_part(const core::gradient_slice& runs,
                 std::uint64_t offset,
                 core::span<std::uint8_t> out);

/// Returns the XXH3 checksum of the encoding.
std::uint64_t checksum_of(const core::gradient_slice& runs);

/// Reads an encoding; the payload's runs point into `bytes` and keep it alive. Throws
/// `core::error` unless the runs ascend, are disjoint and fill the bytes exactly.
payload decode(std::shared_ptr<const core::aligned_vector<std::uint8_t>> bytes);

} // namespace souk::actors::bulk
