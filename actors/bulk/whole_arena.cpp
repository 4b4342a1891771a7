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
  for (const auto& range : ranges)
    core::expects(range->runs.size() == 1
                    && range->runs[0].offset + range->runs[0].length <= size,
                  "a range of parameters is whole");
  const auto in_place =
    std::all_of(ranges.begin(), ranges.end(), [&](const auto& range) {
      return range->owner == front.owner
             && arena_of(range->runs[0]) == arena_of(front.runs[0]);
    });
  // A tensor that came over the network need not lie on a cache line.
  if (in_place && arena_of(front.runs[0]) % 64 == 0)
    return {reinterpret_cast<const float*>(arena_of(front.runs[0])), size};
  if (copy_.size() != size)
    copy_ = core::aligned_buffer<float>{size};
  for (const auto& range : ranges)
    std::copy_n(range->runs[0].values, range->runs[0].length,
                copy_.data() + range->runs[0].offset);
  return {copy_.data(), size};
}

} // namespace souk::actors::bulk
