#include "models/kernels/gaussian_code.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk;
using namespace souk::benchmarks;
using namespace souk::models::kernels;

namespace {

constexpr core::draw_site site{1, core::stream::reparameterise, 7, 3};

/// A code and all that belongs to it.
struct code_of_user {
  std::vector<float> mean, log_variance, deviation, noise, code;

  explicit code_of_user(std::size_t latent)
    : mean{drawn(latent, 1)}, log_variance{drawn(latent, 2)}, deviation(latent),
      noise(latent), code(latent) {
    // nop
  }

  gaussian_code view() {
    return {mean.data(),  log_variance.data(), deviation.data(),
            noise.data(), code.data(),         mean.size()};
  }
};

void draw(benchmark::State& state, std::size_t latent) {
  code_of_user user{latent};
  const auto divergence = draw_code(site, user.view());
  double expected = 0;
  bool right = true;
  for (std::uint32_t i = 0; i < latent; ++i) {
    const double mean = user.mean[i];
    const double log_variance = user.log_variance[i];
    expected += (std::exp(log_variance) + mean * mean - 1 - log_variance) / 2;
    right =
      right
      && near(user.code[i], mean + std::exp(log_variance / 2) * core::normal(site, i));
  }
  check(state, right && near(divergence, expected));
  for (auto _ : state)
    benchmark::DoNotOptimize(draw_code(site, user.view()));
  report_bytes(state, 5 * latent * sizeof(float));
}

/// By the mean: the code's gradient plus weight * mean.
void differentiate(benchmark::State& state, std::size_t latent) {
  constexpr float weight = 0.2F;
  code_of_user user{latent};
  draw_code(site, user.view());
  const auto by_code = drawn(latent, 3);
  std::vector<float> by_mean(latent);
  std::vector<float> by_log_variance(latent);
  const auto apply = [&] {
    differentiate_code(user.view(), by_code.data(), weight, by_mean.data(),
                       by_log_variance.data());
  };
  apply();
  bool right = true;
  for (std::size_t i = 0; i < latent; ++i) {
    const double slope = by_code[i];
    const double deviation = user.deviation[i];
    right = right && near(by_mean[i], slope + 0.2 * static_cast<double>(user.mean[i]))
            && near(by_log_variance[i],
                    slope * deviation * static_cast<double>(user.noise[i]) / 2
                      + 0.2 * (deviation * deviation - 1) / 2);
  }
  check(state, right);
  for (auto _ : state)
    apply();
  report_bytes(state, 6 * latent * sizeof(float));
}

BENCHMARK_CAPTURE(draw, small, 21);
BENCHMARK_CAPTURE(draw, latent, 200);
BENCHMARK_CAPTURE(differentiate, small, 21);
BENCHMARK_CAPTURE(differentiate, latent, 200);

} // namespace
