#pragma once

#include "models/kernels/bf16.hpp"
#include "models/kernels/matrix.hpp"

#include <cstddef>

/// Products of bf16, summed in float, by Intel's Advanced Matrix Extensions. Only where
/// `core::isa::amx` has settled.
///
/// What is multiplied are strips: up to 32 lines (rows of the left operand, columns of
/// the right one) over the whole inner extent, rounded and laid out as the instruction
/// reads them, in tiles of 16 lines times 32, with zeros where lines or extent end. To
/// pack an operand takes a pass over it, which a strip is reused for by all of the
/// other operand's.
///
/// The processor takes denormal numbers, of operands and sums, for zero.
namespace souk::models::kernels {

constexpr std::size_t strip_lines = 32;

/// How many bf16 stand for a float.
enum class bf16_terms : std::size_t {
  one = 1, ///< the nearest
  /// The nearest, and the nearest to what that leaves: 16 bits of fraction. Of the four
  /// products of such sums, that of the two small terms is left out (Henry, Tang &
  /// Heinecke, ARITH 2019). Infinities, and what rounds to one, become NaN.
  two = 2,
};

/// What the strips of a product have in common.
struct strip_shape {
  std::size_t inner = 0;
  bf16_terms terms = bf16_terms::one;

  /// The bf16 that a strip takes.
  std::size_t size() const;
};

enum class strip_side { left, right };

/// Packs lines that are rows, [lines, inner], into a strip on a cache line.
void pack_rows(strip_side side, bf16_terms terms, const_matrix rows, bf16* strip);

/// Packs lines that are columns, [inner, lines].
void pack_columns(strip_side side, bf16_terms terms, const_matrix columns, bf16* strip);

enum class strip_mode {
  write,
  add,   ///< what chains come to, to what is there
  go_on, ///< chains begin with what is there
};

/// c = left right, or c += left right, for the lines that c has.
///
/// Each element is one chain over 32 places of the inner extent after the other, in
/// ascending order, whose bits depend on nothing beside it; an extent may be cut at any
/// multiple of 32.
void multiply_strips(const strip_shape& shape,
                     const bf16* left,
                     const bf16* right,
                     matrix c,
                     strip_mode mode = strip_mode::write);

/// sum += other, both of at most 32 times 32.
void add_strip_products(const_matrix other, matrix sum);

/// Lends this thread the processor's tiles while it lives; `multiply_strips` wants
/// them. A thread has one at a time.
class amx_tiles {
public:
  amx_tiles();
  ~amx_tiles();
  amx_tiles(const amx_tiles&) = delete;
  amx_tiles& operator=(const amx_tiles&) = delete;
};

} // namespace souk::models::kernels
