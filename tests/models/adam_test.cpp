#include "models/optimiser.hpp"
#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

/// Applies a gradient that one trainer finished.
void apply(const adam_options& options,
           std::uint64_t step,
           core::arena_range range,
           core::span<const float> gradient,
           const optimiser_state& state) {
  const std::vector<partial_sum> tree{
    {1, {{range.begin, range.size(), gradient.data()}}}};
  optimiser{options, range, 1}.apply(step, tree, state);
}

/// Parameters and moments, and a few steps over them in ranges cut at `cuts`.
struct trained {
  std::vector<float> parameters, first, second;

  trained(std::size_t size, const std::vector<std::size_t>& cuts)
    : parameters{normals(size, 1)}, first(size), second(size) {
    for (std::uint64_t step = 1; step <= 4; ++step) {
      const auto gradient = normals(size, 1 + step);
      std::size_t begin = 0;
      for (const auto end : cuts) {
        const auto part = [&](auto& values) {
          return core::span<float>{values.data() + begin, end - begin};
        };
        apply({}, step, {begin, end}, {gradient.data() + begin, end - begin},
              {part(parameters), part(first), part(second)});
        begin = end;
      }
    }
  }
};

} // namespace

TEST_CASE("Adam follows its paper", "[models][adam]") {
  const adam_options options;
  std::vector<float> w{1.0F};
  std::vector<float> m{0.0F};
  std::vector<float> v{0.0F};
  double exact_w = 1;
  double exact_m = 0;
  double exact_v = 0;
  for (int step = 1; step <= 50; ++step) {
    const std::vector<float> g{static_cast<float>(std::sin(step))};
    apply(options, static_cast<std::uint64_t>(step), {0, 1}, g, {w, m, v});
    const double gradient = g[0];
    exact_m = options.beta1 * exact_m + (1 - options.beta1) * gradient;
    exact_v = options.beta2 * exact_v + (1 - options.beta2) * gradient * gradient;
    exact_w -=
      options.learning_rate * (exact_m / (1 - std::pow(options.beta1, step)))
      / (std::sqrt(exact_v / (1 - std::pow(options.beta2, step))) + options.epsilon);
  }
  CHECK(static_cast<double>(w[0]) == Approx(exact_w).epsilon(1e-6));
}

TEST_CASE("Adam's bits do not depend on where ranges are cut", "[models][adam]") {
  const trained whole{101, {101}};
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    for (const auto& cuts :
         {std::vector<std::size_t>{101}, {1, 101}, {16, 33, 50, 101}, {99, 100, 101}}) {
      const trained parts{101, cuts};
      CHECK(parts.parameters == whole.parameters);
      CHECK(parts.first == whole.first);
      CHECK(parts.second == whole.second);
    }
  });
}

TEST_CASE("Adam leaves what has no gradient and no past", "[models][adam]") {
  std::vector<float> w{1.0F, 2.0F};
  std::vector<float> zeros(2);
  auto m = zeros;
  auto v = zeros;
  apply({}, 1, {0, 2}, zeros, {w, m, v});
  CHECK(w == std::vector<float>{1.0F, 2.0F});
}
