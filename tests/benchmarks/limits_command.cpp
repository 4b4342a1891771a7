#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/machine_limits.hpp"
#include "tests/benchmarks/ranking_products.hpp"
#include "tests/benchmarks/shapes.hpp"

namespace souk::benchmarks {

namespace {

// Mult-VAE 600/200, batch 500.
constexpr double hidden = 600;
constexpr double latent = 200;
constexpr double batch = 500;

/// A multiply-add counts twice, and a layer is computed three times: forward, and its
/// gradients by inputs and by weights. The sparse first layer is not counted.
constexpr double operations_per_use = 6;

/// Users a second whose decoder runs at one speed and whose other layers at another.
double trained_users(double items, double decoder_gflops, double other_gflops) {
  const auto decoder = operations_per_use * hidden * items;
  const auto others = operations_per_use * (2 * latent * hidden + latent * hidden);
  return 1 / (decoder / (decoder_gflops * 1e9) + others / (other_gflops * 1e9));
}

/// Users a second if there were nothing to do but Adam on every weight once a batch.
double trained_users_by_memory(double items, double gb_per_second) {
  const auto weights = 2 * hidden * items + 3 * latent * hidden;
  const auto bytes = 7 * sizeof(float) * weights;
  return batch * gb_per_second * 1e9 / bytes;
}

double ranked_users(double items, double gflops) {
  const auto operations = 2 * (hidden * latent + latent * hidden + hidden * items);
  return gflops * 1e9 / operations;
}

nlohmann::ordered_json or_null(double value) {
  return value > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

} // namespace

nlohmann::ordered_json limits(std::uint32_t threads) {
  refuse_zero(threads, "--threads");
  const auto fp32 = fp32_gflops(threads);
  const auto bf16 = bf16_gflops(threads);
  const auto adam = adam_gb_per_second(threads);
  nlohmann::ordered_json users;
  for (const auto* name : {"ml20m", "ml1m"}) {
    const double items = shape_named(name).items;
    users[name] = {{"fp32", trained_users(items, fp32, fp32)},
                   {"bf16", or_null(bf16 > 0 ? trained_users(items, bf16, fp32) : 0)},
                   {"memory", trained_users_by_memory(items, adam)}};
  }
  const auto items = shape_named("ml20m").items;
  users["ranking"] = {{"fp32", ranked_users(items, fp32)},
                      {"products", ranking_products_per_second(items, threads)}};
  return {
    {"threads", threads},           {"fp32_gflops", fp32},
    {"bf16_gflops", or_null(bf16)}, {"read_gb_per_second", read_gb_per_second(threads)},
    {"adam_gb_per_second", adam},   {"users_per_second", users}};
}

} // namespace souk::benchmarks
