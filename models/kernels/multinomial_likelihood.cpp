#include "models/kernels/multinomial_likelihood.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/multinomial_likelihood.cpp"
#include <hwy/foreach_target.h>
// Highway's functions come once per target, so they follow foreach_target.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Far below any logit, and far enough from the lowest float that subtracting the
// maximum does not overflow.
constexpr float below_all_logits = -1e38F;

float add_bias_and_find_maximum(float* logits, core::span<const float> bias) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  auto maximum = hn::Set(tag, below_all_logits);
  std::size_t i = 0;
  for (; i + lanes <= bias.size(); i += lanes) {
    const auto logit =
      hn::Add(hn::LoadU(tag, logits + i), hn::LoadU(tag, bias.data() + i));
    hn::StoreU(logit, tag, logits + i);
    maximum = hn::Max(maximum, logit);
  }
  auto highest = hn::GetLane(hn::MaxOfLanes(tag, maximum));
  for (; i < bias.size(); ++i) {
    logits[i] += bias[i];
    highest = std::max(highest, logits[i]);
  }
  for (; i < padded(bias.size()); ++i)
    logits[i] = below_all_logits;
  return highest;
}

/// Replaces logits by e^(logit - maximum) and returns their sum.
float exponentiate(float* logits, std::size_t size, float maximum) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  const auto shift = hn::Set(tag, maximum);
  // Two chains of additions: shorter ones lose less, and they overlap.
  auto even = hn::Zero(tag);
  auto odd = hn::Zero(tag);
  for (std::size_t i = 0; i < size; i += 2 * lanes) {
    const auto first = hn::Exp(tag, hn::Sub(hn::LoadU(tag, logits + i), shift));
    hn::StoreU(first, tag, logits + i);
    even = hn::Add(even, first);
    if (i + lanes >= size)
      break;
    const auto second =
      hn::Exp(tag, hn::Sub(hn::LoadU(tag, logits + i + lanes), shift));
    hn::StoreU(second, tag, logits + i + lanes);
    odd = hn::Add(odd, second);
  }
  return hn::GetLane(hn::SumOfLanes(tag, hn::Add(even, odd)));
}

void scale(float* values, std::size_t size, float factor) {
  const hn::ScalableTag<float> tag;
  const auto factors = hn::Set(tag, factor);
  for (std::size_t i = 0; i < size; i += hn::Lanes(tag))
    hn::StoreU(hn::Mul(hn::LoadU(tag, values + i), factors), tag, values + i);
}

double likelihood(float* logits,
                  core::span<const float> bias,
                  core::span<const core::item_id> items,
                  float weight) {
  const auto size = padded(bias.size());
  const auto maximum = add_bias_and_find_maximum(logits, bias);
  double observed = 0;
  for (const auto item : items)
    observed += static_cast<double>(logits[item]) - static_cast<double>(maximum);
  const auto sum = exponentiate(logits, size, maximum);
  const auto count = static_cast<double>(items.size());
  scale(
    logits, size,
    static_cast<float>(count * static_cast<double>(weight) / static_cast<double>(sum)));
  for (const auto item : items)
    logits[item] -= weight;
  return count * core::portable::log(static_cast<double>(sum)) - observed;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(likelihood);

double multinomial_likelihood(float* logits,
                              core::span<const float> bias,
                              core::span<const core::item_id> items,
                              float weight) {
  if (items.empty()) {
    std::fill_n(logits, padded(bias.size()), 0.0F);
    return 0;
  }
  return HWY_DYNAMIC_DISPATCH(likelihood)(logits, bias, items, weight);
}

} // namespace souk::models::kernels

#endif
