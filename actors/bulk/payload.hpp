#pragma once

#include "core/gradient.hpp"
#include "core/span.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace souk::actors::bulk {

/// Numbers of one range of the arena, as the exchange holds them: runs that point into
/// memory which `owner` keeps alive.
struct payload {
  core::gradient_slice runs;
  std::shared_ptr<const void> owner;
};

/// Whether all runs lie inside a range of the arena.
bool lies_within(const core::gradient_slice& runs, const core::arena_range& range);

/// Whether runs are exactly the ranges of a part.
bool fills(const core::gradient_slice& runs, const core::arena_part& part);

/// Copies a payload to where its part lies in an arena; one without runs is zeros.
/// False, and nothing is changed, unless it fills the part.
bool copy_into(const payload& from, const core::arena_part& part, float* arena);

/// Views a part of an arena that lies at `values`.
core::gradient_slice runs_of(const core::arena_part& part, const float* values);

/// How a payload travels: the number of runs, then offset and length of each (all
/// 64-bit, little-endian), then the floats of all runs. Returns the bytes that this
/// takes.
std::uint64_t encoded_length(const core::gradient_slice& runs);

/// Walks over the encoding of runs where they lie; only the numbers in front of the
/// floats are written anew. The runs' memory must outlive it.
class encoding {
public:
  using piece = core::span<const std::uint8_t>;

  explicit encoding(const core::gradient_slice& runs);
  encoding(const encoding&) = delete;
  encoding& operator=(const encoding&) = delete;

  /// Bytes that were not skipped yet.
  std::uint64_t left() const {
    return left_;
  }

  /// Puts the next pieces into `out`, at most `pieces_max` (at least 1), together at
  /// most `bytes_max`. None are empty.
  void
  next(std::vector<piece>& out, std::size_t pieces_max, std::uint64_t bytes_max) const;

  /// Goes on by that many bytes, at most `left()`.
  void skip(std::uint64_t bytes);

private:
  std::vector<std::uint64_t> header_;
  std::vector<piece> pieces_;
  std::size_t piece_ = 0;    ///< where the walk is
  std::uint64_t offset_ = 0; ///< inside that piece
  std::uint64_t left_ = 0;
};

/// Reads an encoding; the payload's runs point into `bytes`, which `owner` keeps alive.
/// Throws `core::error` unless the runs ascend, are disjoint and fill the bytes
/// exactly.
payload decode(core::span<const std::uint8_t> bytes, std::shared_ptr<const void> owner);

/// Throws the `core::error` of bytes that are no payload.
[[noreturn]] void refuse_payload(const char* reason);

} // namespace souk::actors::bulk
