#include "models/kernels/sum_of_rows.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/sum_of_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void sum_rows(const_matrix table,
              core::span<const std::uint32_t> rows,
              core::span<const float> weights,
              float* out) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  std::size_t column = 0;
  // Four registers at a time stay in place while the rows stream by.
  for (; column + 4 * lanes <= table.columns; column += 4 * lanes) {
    auto sum0 = hn::Zero(tag);
    auto sum1 = hn::Zero(tag);
    auto sum2 = hn::Zero(tag);
    auto sum3 = hn::Zero(tag);
    for (std::size_t j = 0; j < rows.size(); ++j) {
      const auto* row = table.row(rows[j]) + column;
      const auto weight = hn::Set(tag, weights[j]);
      sum0 = hn::Add(sum0, hn::Mul(weight, hn::LoadU(tag, row)));
      sum1 = hn::Add(sum1, hn::Mul(weight, hn::LoadU(tag, row + lanes)));
      sum2 = hn::Add(sum2, hn::Mul(weight, hn::LoadU(tag, row + 2 * lanes)));
      sum3 = hn::Add(sum3, hn::Mul(weight, hn::LoadU(tag, row + 3 * lanes)));
    }
    hn::StoreU(sum0, tag, out + column);
    hn::StoreU(sum1, tag, out + column + lanes);
    hn::StoreU(sum2, tag, out + column + 2 * lanes);
    hn::StoreU(sum3, tag, out + column + 3 * lanes);
  }
  for (; column + lanes <= table.columns; column += lanes) {
    auto sum = hn::Zero(tag);
    for (std::size_t j = 0; j < rows.size(); ++j)
      sum = hn::Add(sum, hn::Mul(hn::Set(tag, weights[j]),
                                 hn::LoadU(tag, table.row(rows[j]) + column)));
    hn::StoreU(sum, tag, out + column);
  }
  for (; column < table.columns; ++column) {
    float sum = 0;
    for (std::size_t j = 0; j < rows.size(); ++j)
      sum += weights[j] * table.row(rows[j])[column];
    out[column] = sum;
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(sum_rows);

void sum_of_rows(const_matrix table,
                 core::span<const std::uint32_t> rows,
                 core::span<const float> weights,
                 float* out) {
  HWY_DYNAMIC_DISPATCH(sum_rows)(table, rows, weights, out);
}

} // namespace souk::models::kernels

#endif
