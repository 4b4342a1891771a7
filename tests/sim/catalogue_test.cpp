#include "sim/catalogue.hpp"

#include "sim/catalogue_draws.hpp"
#include "sim/generated_catalogue.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace souk;
using namespace souk::sim;

namespace {

simulation_options large_shop() {
  simulation_options options;
  options.catalogue.items = 20000;
  return options;
}

struct mean_and_deviation {
  double mean, deviation;
};

mean_and_deviation summary(const std::vector<double>& values) {
  auto mean = 0.0;
  auto square = 0.0;
  for (const auto value : values) {
    mean += value / static_cast<double>(values.size());
    square += value * value / static_cast<double>(values.size());
  }
  return {mean, std::sqrt(square - mean * mean)};
}

} // namespace

TEST_CASE("prices are log-normal within each category", "[sim][catalogue]") {
  const auto options = large_shop();
  const auto items = generate_catalogue(options, 5);
  std::vector<std::vector<double>> logs(items.category_names.size());
  for (core::item_id item = 0; item < items.num_items; ++item)
    logs[items.category[item]].push_back(std::log(items.price_cents[item] / 100.0));
  std::vector<double> medians;
  for (auto& prices : logs) {
    REQUIRE(prices.size() > 100);
    const auto within = summary(prices);
    CHECK(within.deviation == Approx(0.5).epsilon(0.2));
    auto beyond = 0.0;
    for (const auto price : prices)
      beyond += std::abs(price - within.mean) > within.deviation ? 1.0 : 0.0;
    // A normal has 31.7% beyond one standard deviation.
    CHECK(beyond / static_cast<double>(prices.size()) == Approx(0.317).margin(0.1));
    medians.push_back(within.mean);
  }
  const auto between = summary(medians);
  CHECK(between.mean == Approx(std::log(20.0)).margin(0.45));
  CHECK(between.deviation == Approx(0.8).epsilon(0.4));
}

TEST_CASE("popularity follows a power law of its rank", "[sim][catalogue]") {
  const auto items = generate_catalogue(large_shop(), 5);
  auto weights = items.popularity;
  std::sort(weights.rbegin(), weights.rend());
  CHECK(weights[0] / weights[99] == Approx(std::pow(100.0, 0.75)));
  CHECK(weights[10] / weights[9999] == Approx(std::pow(10000.0 / 11.0, 0.75)));
  auto sum = 0.0;
  auto top_fifth = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    top_fifth += i < weights.size() / 5 ? weights[i] : 0.0;
  }
  CHECK(sum == Approx(1));
  // Real shops: 62 to 75% of events.
  CHECK(top_fifth > 0.62);
  CHECK(top_fifth < 0.75);
}

TEST_CASE("a shift makes the most popular items more alike", "[sim][catalogue]") {
  auto options = large_shop();
  options.catalogue.popularity_exponent = 1.5;
  options.catalogue.popularity_shift = 200;
  auto weights = generate_catalogue(options, 5).popularity;
  std::sort(weights.rbegin(), weights.rend());
  CHECK(weights[0] / weights[99] == Approx(std::pow(300.0 / 201.0, 1.5)));
}

TEST_CASE("quality goes with popularity as far as the options say",
          "[sim][catalogue]") {
  const auto items = generate_catalogue(large_shop(), 6);
  std::vector<double> quality(items.quality.begin(), items.quality.end());
  const auto spread = summary(quality);
  CHECK(spread.mean == Approx(0).margin(0.03));
  CHECK(spread.deviation == Approx(1).margin(0.03));
  auto product = 0.0;
  for (core::item_id item = 0; item < items.num_items; ++item)
    product += static_cast<double>(items.quality[item])
               * static_cast<double>(items.appeal[item]) / items.num_items;
  CHECK(product == Approx(0.4).margin(0.03));
}

TEST_CASE("items of one category resemble one another", "[sim][catalogue]") {
  const auto items = generate_catalogue(small_options(), 7);
  auto within = 0.0;
  auto across = 0.0;
  auto pairs_within = 0.0;
  auto pairs_across = 0.0;
  auto square = 0.0;
  for (core::item_id a = 0; a < items.num_items; ++a)
    for (core::item_id b = 0; b <= a; ++b) {
      auto product = 0.0;
      for (std::uint32_t k = 0; k < items.dimensions; ++k)
        product += static_cast<double>(items.vector_of(a)[k])
                   * static_cast<double>(items.vector_of(b)[k]);
      if (a == b) {
        square += product / items.num_items;
      } else if (items.category[a] == items.category[b]) {
        within += product;
        pairs_within += 1;
      } else {
        across += product;
        pairs_across += 1;
      }
    }
  CHECK(square == Approx(1));
  CHECK(within / pairs_within > 0.4);
  CHECK(across / pairs_across < 0.3);
}

TEST_CASE("as many items as asked are launched, each on a day of the run",
          "[sim][catalogue]") {
  auto options = small_options();
  options.catalogue.launch_share = 0.25;
  const auto market = small_world(options);
  const auto& launch = market->items().launch_day;
  CHECK(std::count_if(launch.begin(), launch.end(), [](auto day) { return day > 0; })
        == 75);
  CHECK(*std::max_element(launch.begin(), launch.end()) < options.days);
  CHECK(market->for_sale(0).size() == 225);
  CHECK(market->for_sale(options.days - 1).size() == 300);
  for (std::uint32_t day = 0; day < options.days; ++day) {
    CHECK(market->for_sale(day).size() + market->not_yet_for_sale(day).size() == 300);
    for (const auto item : market->not_yet_for_sale(day))
      CHECK(launch[item] > day);
  }
}

TEST_CASE("worlds differ in their items but not in their words", "[sim][catalogue]") {
  const auto options = small_options();
  const auto a = generate_catalogue(options, 1);
  const auto b = generate_catalogue(options, 2);
  CHECK(a.price_cents != b.price_cents);
  CHECK(a.vectors != b.vectors);
  CHECK(a.terms == b.terms);
  CHECK(a.price_cents == generate_catalogue(options, 1).price_cents);
}

TEST_CASE("the item table tells category, brand, price and keywords",
          "[sim][catalogue]") {
  const auto items = generate_catalogue(small_options(), 3);
  const auto table = attributes_of(items);
  CHECK(table.num_rows == 300);
  REQUIRE(table.find("category"));
  REQUIRE(table.find("brand"));
  REQUIRE(table.find("price"));
  REQUIRE(table.find("keywords"));
  CHECK(table.find("price")->numbers[7] == items.price_cents[7] / 100.0);
  const auto words = table.find("keywords")->codes_of(7);
  CHECK(std::set<std::uint32_t>(words.begin(), words.end()).count(items.category[7])
        == 1);
}

TEST_CASE("a world that has too few items for a slate is refused", "[sim][catalogue]") {
  auto options = small_options();
  options.catalogue.launch_share = 1;
  CHECK_THROWS_WITH(small_world(options), Catch::Contains("simulation.catalogue"));
  options.catalogue.launch_share = 0;
  options.catalogue.items = 9;
  CHECK_THROWS_WITH(small_world(options), Catch::Contains("fewer than a slate's 10"));
}
