#include "models/kernels/adam.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/adam.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void adam_all(const adam_coefficients& with,
              core::span<const float> gradient,
              core::span<float> parameters,
              core::span<float> first_moments,
              core::span<float> second_moments) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  const auto new_first = hn::Set(tag, 1 - with.beta1);
  const auto new_second = hn::Set(tag, 1 - with.beta2);
  const auto step_size = hn::Set(tag, with.step_size);
  const auto variance_scale = hn::Set(tag, with.variance_scale);
  const auto epsilon = hn::Set(tag, with.epsilon);
  const auto zero = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + lanes <= gradient.size(); i += lanes) {
    const auto g = hn::Add(hn::LoadU(tag, gradient.data() + i), zero);
    auto m = hn::LoadU(tag, first_moments.data() + i);
    auto v = hn::LoadU(tag, second_moments.data() + i);
    m = hn::Add(m, hn::Mul(new_first, hn::Sub(g, m)));
    v = hn::Add(v, hn::Mul(new_second, hn::Sub(hn::Mul(g, g), v)));
    const auto scale = hn::Add(hn::Mul(hn::Sqrt(v), variance_scale), epsilon);
    const auto w = hn::LoadU(tag, parameters.data() + i);
    hn::StoreU(m, tag, first_moments.data() + i);
    hn::StoreU(v, tag, second_moments.data() + i);
    hn::StoreU(hn::Sub(w, hn::Div(hn::Mul(step_size, m), scale)), tag,
               parameters.data() + i);
  }
  for (; i < gradient.size(); ++i) {
    const auto g = gradient[i] + 0.0F;
    auto& m = first_moments[i];
    auto& v = second_moments[i];
    m = m + (1 - with.beta1) * (g - m);
    v = v + (1 - with.beta2) * (g * g - v);
    const auto scale = std::sqrt(v) * with.variance_scale + with.epsilon;
    parameters[i] = parameters[i] - (with.step_size * m) / scale;
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(adam_all);

void apply_adam(const adam_coefficients& with,
                core::span<const float> gradient,
                core::span<float> parameters,
                core::span<float> first_moments,
                core::span<float> second_moments) {
  HWY_DYNAMIC_DISPATCH(adam_all)
  (with, gradient, parameters, first_moments, second_moments);
}

} // namespace souk::models::kernels

#endif
