#include "models/kernels/chained_product.hpp"

#include "core/error.hpp"
#include "models/kernels/chain_ends.hpp"
#include "models/kernels/worker_pool.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/chained_product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::CappedTag<float, 16> tag;
constexpr std::size_t lanes = hn::MaxLanes(tag);

// Six rows times four vectors of sums fit into 32 registers with their operands, six
// times two into 16.
constexpr std::size_t rows_at_a_time = 6;
constexpr std::size_t vectors_at_a_time = lanes == 16 ? 4 : 2;

/// `Rows` rows times `Vectors` vectors of columns. The loops over registers must unroll
/// for the sums to stay in registers.
template <std::size_t Rows, std::size_t Vectors>
void multiply(const_matrix rows, const_matrix weights, matrix out, chain_ends ends) {
  hn::Vec<decltype(tag)> sums[Rows][Vectors];
#pragma GCC unroll 8
  for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i)
      sums[row][i] =
        ends.go_on ? hn::LoadU(tag, out.row(row) + i * lanes) : hn::Zero(tag);
  for (std::size_t k = 0; k < weights.rows; ++k) {
    hn::Vec<decltype(tag)> factors[Vectors];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i)
      factors[i] = hn::LoadU(tag, weights.row(k) + i * lanes);
#pragma GCC unroll 8
    for (std::size_t row = 0; row < Rows; ++row) {
      const auto value = hn::Set(tag, rows.row(row)[k]);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < Vectors; ++i)
        sums[row][i] = hn::MulAdd(value, factors[i], sums[row][i]);
    }
  }
  if (ends.bias != nullptr)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i) {
      const auto bias = hn::LoadU(tag, ends.bias + i * lanes);
#pragma GCC unroll 8
      for (std::size_t row = 0; row < Rows; ++row)
        sums[row][i] = hn::Add(sums[row][i], bias);
    }
#pragma GCC unroll 8
  for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i)
      hn::StoreU(sums[row][i], tag, out.row(row) + i * lanes);
}

/// All rows times `Vectors` vectors of columns.
template <std::size_t Vectors>
void multiply_rows(const_matrix rows,
                   const_matrix weights,
                   matrix out,
                   chain_ends ends) {
  std::size_t row = 0;
  for (; row + rows_at_a_time <= rows.rows; row += rows_at_a_time)
    multiply<rows_at_a_time, Vectors>(rows.row_range(row, row + rows_at_a_time),
                                      weights, out.row_range(row, row + rows_at_a_time),
                                      ends);
  const auto left = rows.row_range(row, rows.rows);
  const auto left_out = out.row_range(row, rows.rows);
  switch (left.rows) {
  case 1:
    return multiply<1, Vectors>(left, weights, left_out, ends);
  case 2:
    return multiply<2, Vectors>(left, weights, left_out, ends);
  case 3:
    return multiply<3, Vectors>(left, weights, left_out, ends);
  case 4:
    return multiply<4, Vectors>(left, weights, left_out, ends);
  case 5:
    return multiply<5, Vectors>(left, weights, left_out, ends);
  default:
    return;
  }
}

/// Columns that fill whole vectors. Returns how many there are.
std::size_t
multiply_vectors(const_matrix rows, const_matrix weights, matrix out, chain_ends ends) {
  constexpr auto width = vectors_at_a_time * lanes;
  std::size_t column = 0;
  for (; column + width <= out.columns; column += width)
    multiply_rows<vectors_at_a_time>(rows, weights.column_range(column, column + width),
                                     out.column_range(column, column + width),
                                     ends.from_column(column));
  const auto vectors = (out.columns - column) / lanes;
  const auto end = column + vectors * lanes;
  const auto last = weights.column_range(column, end);
  const auto last_out = out.column_range(column, end);
  const auto last_ends = ends.from_column(column);
  if constexpr (vectors_at_a_time == 4) {
    if (vectors == 3)
      multiply_rows<3>(rows, last, last_out, last_ends);
    if (vectors == 2)
      multiply_rows<2>(rows, last, last_out, last_ends);
  }
  if (vectors == 1)
    multiply_rows<1>(rows, last, last_out, last_ends);
  return end;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(multiply_vectors);

namespace {

// A stretch of the inputs' weights and values stays in a core's second-level cache
// while all rows pass.
constexpr std::size_t inputs_at_a_time = 256;

// As wide as any vector.
constexpr std::size_t padded_columns = 16;

constexpr std::size_t last_rows_at_a_time = 48;

/// The last columns, fewer than a vector, of one stretch of inputs: through copies on
/// the stack that are one wide.
void multiply_last(const_matrix rows,
                   const_matrix weights,
                   matrix out,
                   chain_ends ends) {
  alignas(64) float weight_room[inputs_at_a_time * padded_columns];
  alignas(64) float sum_room[last_rows_at_a_time * padded_columns];
  const matrix padded{weight_room, weights.rows, padded_columns};
  std::fill_n(weight_room, weights.rows * padded_columns, 0.0F);
  for (std::size_t k = 0; k < weights.rows; ++k)
    std::copy_n(weights.row(k), weights.columns, padded.row(k));
  alignas(64) float bias_room[padded_columns] = {};
  if (ends.bias != nullptr) {
    std::copy_n(ends.bias, out.columns, bias_room);
    ends.bias = bias_room;
  }
  std::fill_n(sum_room, last_rows_at_a_time * padded_columns, 0.0F);
  const tiling parts{rows.rows, last_rows_at_a_time};
  for (std::size_t part = 0; part < parts.count(); ++part) {
    const auto part_rows = rows.row_range(parts.begin(part), parts.end(part));
    const auto part_out = out.row_range(parts.begin(part), parts.end(part));
    const matrix sums{sum_room, part_rows.rows, padded_columns};
    if (ends.go_on)
      for (std::size_t row = 0; row < sums.rows; ++row)
        std::copy_n(part_out.row(row), out.columns, sums.row(row));
    HWY_DYNAMIC_DISPATCH(multiply_vectors)(part_rows, padded, sums, ends);
    for (std::size_t row = 0; row < sums.rows; ++row)
      std::copy_n(sums.row(row), out.columns, part_out.row(row));
  }
}

} // namespace

void chained_product(const_matrix rows,
                     const_matrix weights,
                     core::span<const float> bias,
                     matrix out) {
  core::expects(rows.columns == weights.rows && rows.rows == out.rows
                  && weights.columns == out.columns
                  && (bias.empty() || bias.size() == out.columns),
                "the extents of a product agree");
  const tiling stretches{weights.rows, inputs_at_a_time};
  for (std::size_t i = 0; i < stretches.count(); ++i) {
    const auto begin = stretches.begin(i);
    const auto end = stretches.end(i);
    const auto is_last = i + 1 == stretches.count();
    const chain_ends ends{i > 0, is_last && !bias.empty() ? bias.data() : nullptr};
    const auto values = rows.column_range(begin, end);
    const auto part = weights.row_range(begin, end);
    const auto done = HWY_DYNAMIC_DISPATCH(multiply_vectors)(values, part, out, ends);
    if (done < out.columns)
      multiply_last(values, part.column_range(done, out.columns),
                    out.column_range(done, out.columns), ends.from_column(done));
  }
}

void chained_product(const_matrix rows, const_matrix weights, matrix out) {
  chained_product(rows, weights, {}, out);
}

} // namespace souk::models::kernels

#endif
