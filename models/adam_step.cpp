#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "models/kernels/adam.hpp"
#include "models/learner.hpp"

#include <cmath>

namespace souk::models {

void adam_step(const adam_options& options,
               std::uint64_t step,
               core::span<const float> gradient,
               core::span<float> parameters,
               core::span<float> first_moments,
               core::span<float> second_moments) {
  core::expects(step > 0, "Adam counts its steps from 1");
  core::expects(gradient.size() == parameters.size()
                  && gradient.size() == first_moments.size()
                  && gradient.size() == second_moments.size(),
                "Adam's spans have one length");
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
  kernels::apply_adam(with, gradient, parameters, first_moments, second_moments);
}

} // namespace souk::models
