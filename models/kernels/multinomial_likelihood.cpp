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

softmax_part exponentiate_all(float* logits,
                              core::span<const float> bias,
                              core::span<const core::item_id> items,
                              core::item_id first) {
  softmax_part part;
  part.maximum = add_bias_and_find_maximum(logits, bias);
  for (const auto item : items)
    part.observed +=
      static_cast<double>(logits[item - first]) - static_cast<double>(part.maximum);
  part.sum = exponentiate(logits, padded(bias.size()), part.maximum);
  return part;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(exponentiate_all);
HWY_EXPORT(scale);

softmax_part exponentiate_part(float* logits,
                               core::span<const float> bias,
                               core::span<const core::item_id> items,
                               core::item_id first) {
  return HWY_DYNAMIC_DISPATCH(exponentiate_all)(logits, bias, items, first);
}

void differentiate_part(float* exponentials,
                        std::size_t size,
                        core::span<const core::item_id> items,
                        core::item_id first,
                        float factor,
                        float weight) {
  HWY_DYNAMIC_DISPATCH(scale)(exponentials, padded(size), factor);
  for (const auto item : items)
    exponentials[item - first] -= weight;
}

double multinomial_likelihood(float* logits,
                              core::span<const float> bias,
                              core::span<const core::item_id> items,
                              float weight) {
  if (items.empty()) {
    std::fill_n(logits, padded(bias.size()), 0.0F);
    return 0;
  }
  const auto all = exponentiate_part(logits, bias, items, 0);
  const auto sum = static_cast<double>(all.sum);
  const auto count = static_cast<double>(items.size());
  differentiate_part(logits, bias.size(), items, 0,
                     static_cast<float>(count * static_cast<double>(weight) / sum),
                     weight);
  return count * core::portable::log(sum) - all.observed;
}

} // namespace souk::models::kernels

#endif
