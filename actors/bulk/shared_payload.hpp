#pragma once

#include "core/gradient.hpp"
#include "core/shareable_memory.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace souk::actors::bulk {

// How a payload travels through shared memory: not at all, where it lies in memory that
// others can map (`core::shareable_memory`). A segment then holds where: the number of
// runs, then {offset, length, piece, position} of each, all 64-bit and little-endian.
// A run begins `position` bytes into its piece; piece 0 is the segment itself, which
// has the floats of runs that lie nowhere else behind that list.

/// Writes that for runs whose memory outlives it.
class shared_layout {
public:
  explicit shared_layout(const core::gradient_slice& runs);

  /// Bytes that the segment must have.
  std::uint64_t size() const {
    return position_;
  }

  /// The pieces that runs lie in.
  const std::vector<std::shared_ptr<const core::shareable_piece>>& pieces() const {
    return pieces_;
  }

  /// Fills a segment.
  void write(std::uint8_t* room) const;

private:
  void place(const core::gradient_run& run);

  std::vector<std::uint64_t> words_;
  std::vector<core::span<const float>> copied_;
  std::vector<std::shared_ptr<const core::shareable_piece>> pieces_;
  std::uint64_t position_; ///< behind what is copied so far
};

/// Finds a piece of the owner's memory, or null, by its number; never 0.
using piece_by_number =
  std::function<const core::shared_segment*(std::uint64_t number)>;

/// Reads what a segment says. Throws `core::error` unless the runs ascend, are
/// disjoint, lie inside their pieces and together would take `length` bytes encoded.
core::gradient_slice read_shared(const core::shared_segment& segment,
                                 std::uint64_t length,
                                 const piece_by_number& piece_at);

} // namespace souk::actors::bulk
