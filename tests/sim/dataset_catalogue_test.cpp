#include "sim/dataset_catalogue.hpp"

#include "core/error.hpp"
#include "tests/sim/two_tribes.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::sim;

TEST_CASE("factors tell apart who likes what", "[sim][factors]") {
  const two_tribes source;
  const auto factors = fit_factors(source.parts.training, 3, 1);
  REQUIRE(factors.dimensions == 3);
  auto square = 0.0;
  for (const auto value : factors.items)
    square += static_cast<double>(value) * static_cast<double>(value);
  CHECK(square / two_tribes::num_items == Approx(1).margin(0.05));
  int right = 0;
  for (std::uint32_t user = 0; user < two_tribes::num_users; ++user) {
    auto own = 0.0;
    auto other = 0.0;
    for (std::uint32_t column = 0; column < two_tribes::num_items; ++column) {
      auto affinity = 0.0;
      for (std::uint32_t k = 0; k < 3; ++k)
        affinity += static_cast<double>(factors.users[user * 3 + k])
                    * static_cast<double>(factors.items[column * 3 + k]);
      (source.parts.items[column] % 2 == user % 2 ? own : other) += affinity;
    }
    right += own > other ? 1 : 0;
  }
  CHECK(right > 195);
}

TEST_CASE("factors of users have mean 0 and variance 1", "[sim][factors]") {
  const two_tribes source;
  const auto factors = fit_factors(source.parts.training, 2, 1);
  for (std::uint32_t k = 0; k < 2; ++k) {
    auto mean = 0.0;
    auto square = 0.0;
    for (std::uint32_t user = 0; user < two_tribes::num_users; ++user) {
      const auto value = static_cast<double>(factors.users[user * 2 + k]);
      mean += value / two_tribes::num_users;
      square += value * value / two_tribes::num_users;
    }
    CHECK(mean == Approx(0).margin(1e-5));
    CHECK(square == Approx(1).margin(1e-4));
  }
}

TEST_CASE("too little data to learn tastes from is refused", "[sim][factors]") {
  core::interactions rows;
  rows.num_items = 5;
  CHECK_THROWS_AS(fit_factors(rows, 3, 1), core::error);
}

TEST_CASE("item numbers are the split's columns", "[sim][dataset_catalogue]") {
  const two_tribes source;
  const auto market = make_world(from_dataset(), {&source.data, &source.parts}, 3);
  const auto& items = market->items();
  REQUIRE(items.num_items == two_tribes::num_items);
  for (core::item_id item = 0; item < two_tribes::num_items; ++item) {
    const auto row = source.parts.items[item];
    CHECK(items.names[item] == "film " + std::to_string(row));
    CHECK(items.category_names[items.category[item]] == (row % 2 ? "comedy" : "drama"));
    if (row < 30)
      CHECK(items.price_cents[item] == static_cast<int>(100 * (5 + row)));
    else
      CHECK(items.price_cents[item] > 0);
  }
}

TEST_CASE("popularity is that of the training rows", "[sim][dataset_catalogue]") {
  const two_tribes source;
  const auto market = make_world(from_dataset(), {&source.data, &source.parts}, 3);
  const auto counts = core::count_by_item(source.parts.training);
  const auto& popularity = market->items().popularity;
  CHECK(popularity[0] / popularity[20]
        == Approx((counts[0] + 1.0) / (counts[20] + 1.0)));
}

TEST_CASE("synthetic users resemble real ones: attributes go with tastes",
          "[sim][dataset_catalogue]") {
  const two_tribes source;
  auto options = from_dataset();
  options.population.users = 400;
  const auto market = make_world(options, {&source.data, &source.parts}, 3);
  const auto users = market->user_table();
  REQUIRE(users.find("gender"));
  const auto run = run_market(market, *make_random_policy(), 400);
  auto own = 0;
  auto all = 0;
  for (const auto& record : run.records)
    if (record.kind == core::event_kind::click) {
      own +=
        users.find("gender")->codes[record.user] == source.parts.items[record.item] % 2;
      ++all;
    }
  REQUIRE(all > 500);
  CHECK(own > 0.58 * all);
}

TEST_CASE("without item attributes, items are grouped by their vectors",
          "[sim][dataset_catalogue]") {
  two_tribes source;
  source.data.item_attributes = {two_tribes::num_items, {}};
  source.data.user_attributes = {two_tribes::num_users, {}};
  const auto market = make_world(from_dataset(), {&source.data, &source.parts}, 3);
  CHECK(market->items().category_names.size() == 6);
  CHECK(run_market(market, *make_random_policy(), 50).records.size() > 1000);
}

TEST_CASE("a catalogue from a dataset needs one", "[sim][dataset_catalogue]") {
  CHECK_THROWS_WITH(make_world(from_dataset(), {}, 3),
                    Catch::Contains("simulation.catalogue.from"));
}
