#include "sim/dataset_catalogue.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::sim;

namespace {

constexpr std::uint32_t num_users = 200;
constexpr std::uint32_t num_items = 40;

/// Users like items of their own half: even users even items. The split's columns are
/// the dataset's items backwards.
struct two_tribes {
  core::dataset data;
  core::split parts;

  two_tribes() {
    core::attribute_column gender;
    gender.name = "gender";
    gender.vocabulary = {"F", "M"};
    core::attribute_column genres;
    genres.name = "genres";
    genres.kind = core::attribute_kind::categories;
    genres.vocabulary = {"drama", "comedy"};
    genres.offsets = {0};
    core::attribute_column price;
    price.name = "price";
    price.kind = core::attribute_kind::number;
    for (std::uint32_t item = 0; item < num_items; ++item) {
      data.item_names.push_back("film " + std::to_string(item));
      genres.codes.push_back(item % 2);
      genres.offsets.push_back(genres.codes.size());
      price.numbers.push_back(item < 30 ? 5.0 + item : std::nan(""));
      parts.items.push_back(num_items - 1 - item);
    }
    data.item_attributes = {num_items, {genres, price}};
    parts.training.num_items = num_items;
    for (std::uint32_t user = 0; user < num_users; ++user) {
      data.user_names.push_back("u" + std::to_string(user));
      gender.codes.push_back(user % 2);
      parts.training_users.push_back(user);
      std::vector<core::item_id> row;
      for (std::uint32_t column = 0; column < num_items; ++column) {
        const auto own = parts.items[column] % 2 == user % 2;
        const auto chance = (own ? 0.5 : 0.05) * (column < 10 ? 1.6 : 0.7);
        if (core::uniform({4, core::stream::synthetic_data, user, column}, 0) < chance)
          row.push_back(column);
      }
      parts.training.append_row(row);
    }
    data.user_attributes = {num_users, {gender}};
  }
};

simulation_options from_dataset() {
  auto options = small_options();
  options.catalogue.from = "dataset";
  options.catalogue.launch_share = 0;
  options.tastes.dimensions = 3;
  return options;
}

} // namespace

TEST_CASE("factors tell apart who likes what", "[sim][factors]") {
  const two_tribes source;
  const auto factors = fit_factors(source.parts.training, 3, 1);
  REQUIRE(factors.dimensions == 3);
  auto square = 0.0;
  for (const auto value : factors.items)
    square += static_cast<double>(value) * static_cast<double>(value);
  CHECK(square / num_items == Approx(1).margin(0.05));
  int right = 0;
  for (std::uint32_t user = 0; user < num_users; ++user) {
    auto own = 0.0;
    auto other = 0.0;
    for (std::uint32_t column = 0; column < num_items; ++column) {
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
    for (std::uint32_t user = 0; user < num_users; ++user) {
      const auto value = static_cast<double>(factors.users[user * 2 + k]);
      mean += value / num_users;
      square += value * value / num_users;
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
  REQUIRE(items.num_items == num_items);
  for (core::item_id item = 0; item < num_items; ++item) {
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
  source.data.item_attributes = {num_items, {}};
  source.data.user_attributes = {num_users, {}};
  const auto market = make_world(from_dataset(), {&source.data, &source.parts}, 3);
  CHECK(market->items().category_names.size() == 6);
  CHECK(run_market(market, *make_random_policy(), 50).records.size() > 1000);
}

TEST_CASE("a catalogue from a dataset needs one", "[sim][dataset_catalogue]") {
  CHECK_THROWS_WITH(make_world(from_dataset(), {}, 3),
                    Catch::Contains("simulation.catalogue.from"));
}
