#include "models/kernels/elementwise.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::models::kernels;
using namespace souk::models::testing;

TEST_CASE("tanh and its slope follow the standard library", "[models][elementwise]") {
  const std::vector<float> bias{0, 0.5F, -30, 1e-4F, 100, 0, 0};
  auto inputs = normals(3 * bias.size(), 1);
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    auto values = inputs;
    tanh_with_bias(bias, {values.data(), 3, bias.size()});
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto exact =
        std::tanh(static_cast<double>(inputs[i] + bias[i % bias.size()]));
      CHECK(static_cast<double>(values[i]) == Approx(exact).epsilon(1e-6));
    }
    std::vector<float> gradients(values.size(), 2.0F);
    multiply_by_tanh_slope({values.data(), 3, bias.size()},
                           {gradients.data(), 3, bias.size()});
    for (std::size_t i = 0; i < values.size(); ++i)
      CHECK(gradients[i] == 2.0F * (1.0F - values[i] * values[i]));
  });
}

TEST_CASE("an exponential's bits do not depend on its place", "[models][elementwise]") {
  const auto inputs = normals(37, 2);
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    std::vector<float> together(inputs.size());
    exponentials(0.5F, inputs.data(), together);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      float alone = 0;
      exponentials(0.5F, &inputs[i], {&alone, 1});
      CHECK(alone == together[i]);
      CHECK(static_cast<double>(alone)
            == Approx(std::exp(0.5 * static_cast<double>(inputs[i]))).epsilon(1e-6));
    }
  });
}

TEST_CASE("columns are summed in row order", "[models][elementwise]") {
  const auto values = normals(9 * 40, 3);
  std::vector<float> expected(40);
  for (std::size_t row = 0; row < 9; ++row)
    for (std::size_t column = 0; column < 40; ++column)
      expected[column] += values[row * 40 + column];
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    std::vector<float> sums(40, 99.0F);
    sum_columns({values.data(), 9, 40}, 0, 23, sums.data());
    sum_columns({values.data(), 9, 40}, 23, 40, sums.data() + 23);
    CHECK(sums == expected);
  });
}
