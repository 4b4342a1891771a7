#include "models/kernels/gaussian_code.hpp"

#include "models/kernels/elementwise.hpp"
#include "models/kernels/normals.hpp"

namespace souk::models::kernels {

double draw_code(const core::draw_site& site, const gaussian_code& q) {
  draw_normals(site, {q.noise, q.size});
  exponentials(0.5F, q.log_variance, {q.deviation, q.size});
  double divergence = 0;
  for (std::size_t i = 0; i < q.size; ++i) {
    q.code[i] = q.mean[i] + q.deviation[i] * q.noise[i];
    const double mean = q.mean[i];
    const double deviation = q.deviation[i];
    const double log_variance = q.log_variance[i];
    divergence += deviation * deviation + mean * mean - 1 - log_variance;
  }
  return 0.5 * divergence;
}

void differentiate_code(const gaussian_code& q,
                        const float* code_gradient,
                        float divergence_weight,
                        float* mean_gradient,
                        float* log_variance_gradient) {
  for (std::size_t i = 0; i < q.size; ++i) {
    const auto variance = q.deviation[i] * q.deviation[i];
    mean_gradient[i] = code_gradient[i] + divergence_weight * q.mean[i];
    log_variance_gradient[i] = 0.5F
                               * (code_gradient[i] * q.deviation[i] * q.noise[i]
                                  + divergence_weight * (variance - 1.0F));
  }
}

} // namespace souk::models::kernels
