#pragma once

#include "core/aligned_vector.hpp"
#include "core/gradient.hpp"
#include "models/bf16_run.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::models {

/// In how many bits the numbers of whole runs travel.
enum class number_width : std::uint8_t { bits16 = 16, bits32 = 32 };

/// A block's gradient as it is to be sent: some runs whole, and single elements between
/// them. What neither covers is zero.
struct compressed_gradient {
  number_width width = number_width::bits32;
  core::gradient_slice whole;         ///< rounded to bf16 where `width` is 16
  std::vector<std::uint64_t> offsets; ///< of the single elements, ascending
  std::vector<float> values;          ///< by offset
};

using packed_words = core::aligned_vector<std::uint32_t>;

/// Writes what lies inside a range (shorter than 2^32 elements) as 32-bit words:
///
/// | words | what |
/// |---|---|
/// | 4 | width, runs, single elements, bytes of gaps |
/// | 2 a run | where it begins in the range, its length |
/// | | the runs' numbers, one after another; of 16 bits, filled up to a word |
/// | 1 an element | the single elements' numbers |
/// | | the gaps before them, 7 bits a byte, low bits first, the high bit set but in a
/// gap's last byte; filled up to a word |
///
/// A hundredth of a matrix's elements takes 5.3 bytes an element. What `words` held
/// before is gone; its memory is used again.
void pack(const compressed_gradient& gradient,
          const core::arena_range& range,
          packed_words& words);

/// A range of a gradient that arrived, read where its words lie: no number is in both.
struct unpacked_gradient {
  core::gradient_slice runs;
  bf16_slice rounded; ///< the whole runs, where these are rounded to bf16
};

/// Reads packed words again, which must outlive the result. Throws `error` unless they
/// are whole, and their runs ascend, are disjoint and lie in the range.
unpacked_gradient unpack(core::span<const std::uint32_t> words,
                         const core::arena_range& range);

} // namespace souk::models
