#include "sim/choice.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace souk;
using namespace souk::sim;

namespace {

choice_options with_outside(double utility) {
  choice_options options;
  options.outside = utility;
  return options;
}

} // namespace

TEST_CASE("items are opened with the logit's probabilities", "[sim][choice]") {
  const choice choosing{with_outside(0.5)};
  const std::vector<float> utilities = {1.0F, 0.0F, -1.0F, 2.0F};
  const std::vector<std::uint32_t> items = {17, 3, 99, 4};
  std::vector<double> weights(4);
  choosing.weigh(utilities, weights);
  constexpr std::uint32_t draws = 60000;
  std::vector<double> share(5);
  for (std::uint32_t i = 0; i < draws; ++i)
    share[choosing.choose(weights, items, 4, {1, core::stream::choose, i, 0})] +=
      1.0 / draws;
  const auto sum =
    std::exp(0.5) + std::exp(1.0) + std::exp(0.0) + std::exp(-1.0) + std::exp(2.0);
  for (std::size_t j = 0; j < 4; ++j)
    CHECK(share[j]
          == Approx(std::exp(static_cast<double>(utilities[j])) / sum).margin(0.008));
  CHECK(share[4] == Approx(std::exp(0.5) / sum).margin(0.008));
}

TEST_CASE("what is not looked at is not opened", "[sim][choice]") {
  const choice choosing{with_outside(-5)};
  const std::vector<double> weights = {1, 1, 1e9};
  const std::vector<std::uint32_t> items = {0, 1, 2};
  for (std::uint32_t i = 0; i < 200; ++i)
    CHECK(choosing.choose(weights, items, 2, {1, core::stream::choose, i, 0}) <= 2);
  CHECK(choosing.choose(weights, items, 0, {1, core::stream::choose, 0, 0}) == 0);
}

TEST_CASE("an item that is chosen is chosen wherever it stands", "[sim][choice]") {
  const choice choosing{with_outside(0)};
  const std::vector<double> weights = {2, 1, 3};
  const std::vector<std::uint32_t> items = {5, 6, 7};
  const std::vector<double> turned_weights = {3, 2, 1};
  const std::vector<std::uint32_t> turned = {7, 5, 6};
  for (std::uint32_t i = 0; i < 500; ++i) {
    const core::draw_site site{9, core::stream::choose, i, 0};
    const auto first = choosing.choose(weights, items, 3, site);
    const auto second = choosing.choose(turned_weights, turned, 3, site);
    REQUIRE((first == 3) == (second == 3));
    if (first < 3)
      CHECK(items[first] == turned[second]);
  }
}

TEST_CASE("a slate's expected value is how often it is clicked", "[sim][choice]") {
  const choice choosing{with_outside(1)};
  const std::vector<double> weights = {0.5, 3, 1, 2};
  const std::vector<std::uint32_t> items = {1, 2, 3, 4};
  for (const auto* kind : {"cascade", "by_position", "examine_all"}) {
    const attention eyes{{kind, 0.7, 0.9}, 4};
    constexpr std::uint32_t draws = 40000;
    auto clicked = 0.0;
    for (std::uint32_t i = 0; i < draws; ++i) {
      const auto depth =
        eyes.depth(core::uniform({2, core::stream::attend, i, 0}, 0), 4);
      const auto place =
        choosing.choose(weights, items, depth, {2, core::stream::choose, i, 0});
      clicked += place < depth ? 1.0 / draws : 0.0;
    }
    INFO(kind);
    CHECK(choosing.expected_value(eyes, weights) == Approx(clicked).margin(0.01));
  }
}

TEST_CASE("greedy shoppers open the heaviest item they see, or leave",
          "[sim][choice]") {
  auto options = with_outside(0); // weighs 1
  options.kind = "greedy";
  const choice choosing{options};
  const core::draw_site site{1, core::stream::choose, 0, 0};
  const std::vector<double> weights{0.5, 1.5, 0.9, 3.0};
  const std::vector<core::item_id> items{7, 8, 9, 10};
  CHECK(choosing.choose(weights, items, 1, site) == 1); // none
  CHECK(choosing.choose(weights, items, 3, site) == 1); // the second item
  CHECK(choosing.choose(weights, items, 4, site) == 3);
  attention_options look;
  look.kind = "cascade";
  look.continue_probability = 0.5;
  const attention eyes{look, 4};
  // Something is opened by whoever looks at the second place.
  CHECK(choosing.expected_value(eyes, weights) == 0.5);
  CHECK(choosing.expected_value(eyes, std::vector<double>{0.5, 0.9}) == 0);
}
