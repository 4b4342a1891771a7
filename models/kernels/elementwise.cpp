#include "models/kernels/elementwise.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
// Highway's functions come once per target, so they follow foreach_target.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Writes function(x) for each x; the last few go through the same instructions, beside
/// zeros.
template <class Function>
void map(std::size_t count, const float* values, float* out, Function function) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(function(tag, hn::LoadU(tag, values + i)), tag, out + i);
  if (i == count)
    return;
  alignas(64) float rest[16] = {}; // no target has more lanes
  std::copy(values + i, values + count, rest);
  hn::Store(function(tag, hn::Load(tag, rest)), tag, rest);
  std::copy(rest, rest + (count - i), out + i);
}

void tanh_all(core::span<float> values) {
  map(values.size(), values.data(), values.data(),
      [](auto tag, auto x) { return hn::Tanh(tag, x); });
}

void exponentials_all(float factor, const float* values, core::span<float> out) {
  map(out.size(), values, out.data(), [factor](auto tag, auto x) {
    return hn::Exp(tag, hn::Mul(hn::Set(tag, factor), x));
  });
}

void slopes_all(const float* outputs, core::span<float> gradients) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + lanes <= gradients.size(); i += lanes) {
    const auto y = hn::LoadU(tag, outputs + i);
    const auto slope = hn::Sub(hn::Set(tag, 1.0F), hn::Mul(y, y));
    hn::StoreU(hn::Mul(hn::LoadU(tag, gradients.data() + i), slope), tag,
               gradients.data() + i);
  }
  for (; i < gradients.size(); ++i)
    gradients[i] *= 1.0F - outputs[i] * outputs[i];
}

void add_all(const float* left, const float* right, core::span<float> sum) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + lanes <= sum.size(); i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(tag, left + i), hn::LoadU(tag, right + i)), tag,
               sum.data() + i);
  for (; i < sum.size(); ++i)
    sum[i] = left[i] + right[i];
}

void sum_columns_all(const_matrix rows,
                     std::size_t begin,
                     std::size_t end,
                     float* out) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  auto column = begin;
  for (; column + lanes <= end; column += lanes) {
    auto sum = hn::Zero(tag);
    for (std::size_t row = 0; row < rows.rows; ++row)
      sum = hn::Add(sum, hn::LoadU(tag, rows.row(row) + column));
    hn::StoreU(sum, tag, out + (column - begin));
  }
  for (; column < end; ++column) {
    float sum = 0;
    for (std::size_t row = 0; row < rows.rows; ++row)
      sum += rows.row(row)[column];
    out[column - begin] = sum;
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(tanh_all);
HWY_EXPORT(exponentials_all);
HWY_EXPORT(slopes_all);
HWY_EXPORT(add_all);
HWY_EXPORT(sum_columns_all);

void add_bias(core::span<const float> bias, matrix rows) {
  for (std::size_t row = 0; row < rows.rows; ++row)
    add(bias, rows.row(row));
}

void tanh_with_bias(core::span<const float> bias, matrix rows) {
  add_bias(bias, rows);
  for (std::size_t row = 0; row < rows.rows; ++row)
    HWY_DYNAMIC_DISPATCH(tanh_all)({rows.row(row), rows.columns});
}

void multiply_by_tanh_slope(const_matrix outputs, matrix gradients) {
  for (std::size_t row = 0; row < gradients.rows; ++row)
    HWY_DYNAMIC_DISPATCH(slopes_all)
  (outputs.row(row), {gradients.row(row), gradients.columns});
}

void exponentials(float factor, const float* values, core::span<float> out) {
  HWY_DYNAMIC_DISPATCH(exponentials_all)(factor, values, out);
}

void add(core::span<const float> other, float* sum) {
  HWY_DYNAMIC_DISPATCH(add_all)(sum, other.data(), {sum, other.size()});
}

void add(const float* left, const float* right, core::span<float> sum) {
  HWY_DYNAMIC_DISPATCH(add_all)(left, right, sum);
}

void sum_columns(const_matrix rows, std::size_t begin, std::size_t end, float* out) {
  HWY_DYNAMIC_DISPATCH(sum_columns_all)(rows, begin, end, out);
}

} // namespace souk::models::kernels

#endif
