#include "models/adam_step.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"

#include <cmath>

namespace souk::models {

kernels::adam_coefficients adam_step(const adam_options& options, std::uint64_t step) {
  core::expects(step > 0, "Adam counts its steps from 1");
  const auto steps = static_cast<double>(step);
  const auto remaining = [&](double beta) {
    return 1 - (beta > 0 ? core::portable::pow(beta, steps) : 0.0);
  };
  kernels::adam_coefficients with;
  with.beta1 = static_cast<float>(options.beta1);
  with.beta2 = static_cast<float>(options.beta2);
  with.step_size = static_cast<float>(options.learning_rate / remaining(options.beta1));
  with.variance_scale = static_cast<float>(1 / std::sqrt(remaining(options.beta2)));
  with.epsilon = static_cast<float>(options.epsilon);
  return with;
}

void apply_adam(const kernels::adam_coefficients& with,
                core::span<const float> gradient,
                std::uint64_t begin,
                const optimiser_state& arena) {
  const auto size = gradient.size();
  kernels::apply_adam(with, gradient, arena.parameters.subspan(begin, size),
                      arena.first_moments.subspan(begin, size),
                      arena.second_moments.subspan(begin, size));
}

} // namespace souk::models
