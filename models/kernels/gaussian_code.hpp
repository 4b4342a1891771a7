#pragma once

#include "core/random.hpp"
#include "core/span.hpp"

namespace souk::models::kernels {

/// One user's diagonal Gaussian and the code drawn from it; every part is [latent].
struct gaussian_code {
  const float* mean = nullptr;
  const float* log_variance = nullptr;
  float* deviation = nullptr; ///< e^(log_variance / 2)
  float* noise = nullptr;     ///< standard normal draws
  float* code = nullptr;      ///< mean + deviation * noise
  std::size_t size = 0;
};

/// Draws a code by the reparameterisation trick (Kingma & Welling 2014, section 2.4)
/// and returns KL(q || N(0, I)) in nats.
double draw_code(const core::draw_site& site, const gaussian_code& q);

/// Writes the gradients by mean and by log-variance, given the gradient by the code
/// and the weight of the KL term.
void differentiate_code(const gaussian_code& q,
                        const float* code_gradient,
                        float divergence_weight,
                        float* mean_gradient,
                        float* log_variance_gradient);

} // namespace souk::models::kernels
