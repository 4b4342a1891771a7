#include "models/kernels/multinomial_likelihood.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::models::kernels;
using namespace souk::models::testing;

TEST_CASE("softmax, likelihood and gradient equal the formulas",
          "[models][multinomial_likelihood]") {
  for (const std::size_t num_items : {1, 2, 15, 16, 17, 100, 3502}) {
    const auto raw = normals(num_items, 1);
    const auto bias = normals(num_items, 2);
    std::vector<core::item_id> items{static_cast<core::item_id>(num_items - 1)};
    if (num_items > 3)
      items = {0, 2, static_cast<core::item_id>(num_items - 1)};
    double sum = 0;
    const auto logit = [&](std::size_t i) {
      return static_cast<double>(raw[i]) + static_cast<double>(bias[i]);
    };
    for (std::size_t i = 0; i < num_items; ++i)
      sum += std::exp(logit(i));
    double expected = 0;
    for (const auto item : items)
      expected += std::log(sum) - logit(item);
    for_each_highway_target([&](const std::string& target) {
      INFO(target << ", " << num_items << " items");
      std::vector<float> row(padded(num_items), 5e37F);
      std::copy(raw.begin(), raw.end(), row.begin());
      CHECK(multinomial_likelihood(row.data(), bias, items, 0.5F)
            == Approx(expected).epsilon(1e-6).margin(1e-6));
      for (std::size_t i = 0; i < num_items; ++i) {
        const auto observed = std::count(items.begin(), items.end(), i);
        const auto gradient =
          0.5
          * (static_cast<double>(items.size()) * std::exp(logit(i)) / sum
             - static_cast<double>(observed));
        CHECK(static_cast<double>(row[i]) == Approx(gradient).margin(1e-6));
      }
    });
  }
}

TEST_CASE("large logits do not overflow", "[models][multinomial_likelihood]") {
  std::vector<float> row(16, 0.0F);
  row[0] = 3e4F;
  row[1] = -3e4F;
  const std::vector<float> bias(3, 0.0F);
  const std::vector<core::item_id> items{1};
  CHECK(multinomial_likelihood(row.data(), bias, items, 1.0F) == Approx(6e4));
  CHECK(row[0] == 1.0F);
  CHECK(row[1] == -1.0F);
}

TEST_CASE("a user without items contributes nothing",
          "[models][multinomial_likelihood]") {
  std::vector<float> row(16, 3.0F);
  const std::vector<float> bias(9, 1.0F);
  CHECK(multinomial_likelihood(row.data(), bias, {}, 1.0F) == 0);
  CHECK(row == std::vector<float>(16, 0.0F));
}
