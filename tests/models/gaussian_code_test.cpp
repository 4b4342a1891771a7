#include "models/kernels/gaussian_code.hpp"

#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::models::kernels;
using souk::models::testing::normals;

namespace {

constexpr std::size_t latent = 21;
const core::draw_site site{5, core::stream::reparameterise, 77, 3};

/// A code and what is written about it.
struct drawn {
  std::vector<float> mean, log_variance;
  std::vector<float> deviation = std::vector<float>(latent);
  std::vector<float> noise = std::vector<float>(latent);
  std::vector<float> code = std::vector<float>(latent);
  double divergence = 0;

  drawn(std::vector<float> means, std::vector<float> log_variances)
    : mean{std::move(means)}, log_variance{std::move(log_variances)} {
    divergence = draw_code(site, view());
  }

  gaussian_code view() {
    return {mean.data(),  log_variance.data(), deviation.data(),
            noise.data(), code.data(),         latent};
  }
};

} // namespace

TEST_CASE("a code is its mean plus its deviation times the named draws",
          "[models][gaussian_code]") {
  drawn q{normals(latent, 1), normals(latent, 2)};
  double divergence = 0;
  for (std::uint32_t i = 0; i < latent; ++i) {
    const double mean = q.mean[i];
    const double log_variance = q.log_variance[i];
    CHECK(static_cast<double>(q.code[i])
          == Approx(mean + std::exp(0.5 * log_variance) * core::normal(site, i))
               .epsilon(1e-5)
               .margin(1e-6));
    divergence += 0.5 * (std::exp(log_variance) + mean * mean - 1 - log_variance);
  }
  CHECK(q.divergence == Approx(divergence).epsilon(1e-6));
}

TEST_CASE("a code's gradients equal finite differences", "[models][gaussian_code]") {
  const auto mean = normals(latent, 1);
  const auto log_variance = normals(latent, 2);
  const auto by_code = normals(latent, 3);
  const float weight = 0.3F;
  const auto objective = [&](std::vector<float> m, std::vector<float> v) {
    const drawn q{std::move(m), std::move(v)};
    auto sum = static_cast<double>(weight) * q.divergence;
    for (std::size_t i = 0; i < latent; ++i)
      sum += static_cast<double>(by_code[i]) * static_cast<double>(q.code[i]);
    return sum;
  };
  drawn q{mean, log_variance};
  std::vector<float> by_mean(latent);
  std::vector<float> by_log_variance(latent);
  differentiate_code(q.view(), by_code.data(), weight, by_mean.data(),
                     by_log_variance.data());
  const float h = 1.0F / 64;
  for (std::size_t i = 0; i < latent; ++i) {
    const auto nudged = [i](std::vector<float> values, float by) {
      values[i] += by;
      return values;
    };
    const auto slope = [h](double up, double down) {
      return (up - down) / (2 * static_cast<double>(h));
    };
    CHECK(static_cast<double>(by_mean[i])
          == Approx(slope(objective(nudged(mean, h), log_variance),
                          objective(nudged(mean, -h), log_variance)))
               .margin(1e-3));
    CHECK(static_cast<double>(by_log_variance[i])
          == Approx(slope(objective(mean, nudged(log_variance, h)),
                          objective(mean, nudged(log_variance, -h))))
               .margin(1e-3));
  }
}

TEST_CASE("the prior has no divergence from itself", "[models][gaussian_code]") {
  const drawn q{std::vector<float>(latent), std::vector<float>(latent)};
  CHECK(q.divergence == 0);
}
