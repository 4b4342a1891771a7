#include "models/kernels/packed_weights.hpp"

#include "core/error.hpp"
#include "models/kernels/worker_pool.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/packed_weights.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::CappedTag<float, 16> tag;
constexpr std::size_t lanes = hn::MaxLanes(tag);

// With 32 registers a row has four sums, with 16 two; six rows and their weights fit in
// both.
constexpr std::size_t sums_per_row = lanes == 16 ? 4 : 2;
constexpr std::size_t columns_at_a_time = sums_per_row * lanes;

/// `Rows` rows times `columns_at_a_time` columns of a panel, [inputs, columns]. The
/// loops over registers must unroll for the sums to stay in registers.
template <std::size_t Rows>
void multiply(const_matrix weights, const_matrix rows, matrix out) {
  hn::Vec<decltype(tag)> sums[Rows][sums_per_row];
#pragma GCC unroll 8
  for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < sums_per_row; ++i)
      sums[row][i] = hn::Zero(tag);
  for (std::size_t k = 0; k < weights.rows; ++k) {
    hn::Vec<decltype(tag)> factors[sums_per_row];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < sums_per_row; ++i)
      factors[i] = hn::Load(tag, weights.row(k) + i * lanes);
#pragma GCC unroll 8
    for (std::size_t row = 0; row < Rows; ++row) {
      const auto value = hn::Set(tag, rows.row(row)[k]);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < sums_per_row; ++i)
        sums[row][i] = hn::MulAdd(value, factors[i], sums[row][i]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < sums_per_row; ++i)
      hn::StoreU(sums[row][i], tag, out.row(row) + i * lanes);
}

void multiply_some(const_matrix weights, const_matrix rows, matrix out) {
  switch (rows.rows) {
  case 1:
    return multiply<1>(weights, rows, out);
  case 2:
    return multiply<2>(weights, rows, out);
  case 3:
    return multiply<3>(weights, rows, out);
  case 4:
    return multiply<4>(weights, rows, out);
  case 5:
    return multiply<5>(weights, rows, out);
  default:
    return multiply<6>(weights, rows, out);
  }
}

/// All rows times one panel, [inputs, panel_width]; `out` is as wide as that.
void multiply_panel(const_matrix weights, const_matrix rows, matrix out) {
  constexpr auto most = packed_weights::rows_at_a_time;
  for (std::size_t row = 0; row < rows.rows; row += most) {
    const auto end = row + most < rows.rows ? row + most : rows.rows;
    for (std::size_t begin = 0; begin < weights.columns; begin += columns_at_a_time)
      multiply_some(
        weights.column_range(begin, begin + columns_at_a_time),
        rows.row_range(row, end),
        out.row_range(row, end).column_range(begin, begin + columns_at_a_time));
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(multiply_panel);

packed_weights::packed_weights(const_matrix weights)
  : inputs_{weights.columns}, outputs_{weights.rows} {
  const tiling panels{outputs_, panel_width};
  panels_ = core::aligned_buffer<float>{panels.count() * inputs_ * panel_width};
  auto* next = panels_.data();
  for (std::size_t panel = 0; panel < panels.count(); ++panel)
    for (std::size_t input = 0; input < inputs_; ++input, next += panel_width) {
      std::fill_n(next, panel_width, 0.0F);
      for (auto output = panels.begin(panel); output < panels.end(panel); ++output)
        next[output - panels.begin(panel)] = weights.row(output)[input];
    }
}

void packed_weights::apply(const_matrix rows,
                           std::size_t first_output,
                           matrix out) const {
  core::expects(first_output % panel_width == 0, "a tile begins with a panel");
  const auto panel_of = [&](std::size_t column) -> const_matrix {
    return {panels_.data() + (first_output + column) * inputs_, inputs_, panel_width};
  };
  const auto whole = out.columns - out.columns % panel_width;
  for (std::size_t column = 0; column < whole; column += panel_width)
    HWY_DYNAMIC_DISPATCH(multiply_panel)
  (panel_of(column), rows, out.column_range(column, column + panel_width));
  if (whole == out.columns)
    return;
  core::aligned_buffer<float> room{rows.rows * panel_width};
  const matrix last{room.data(), rows.rows, panel_width};
  HWY_DYNAMIC_DISPATCH(multiply_panel)(panel_of(whole), rows, last);
  for (std::size_t row = 0; row < rows.rows; ++row)
    std::copy_n(last.row(row), out.columns - whole, out.row(row) + whole);
}

} // namespace souk::models::kernels

#endif
