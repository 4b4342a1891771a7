#include "sim/shopping_list.hpp"

#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <set>

using namespace souk;
using namespace souk::sim;

namespace {

constexpr std::uint32_t many = 20000;

core::draw_site site_of(std::uint32_t step) {
  return {3, core::stream::plan, 1, step};
}

std::vector<std::uint32_t> lengths(const shopping_list_options& options, double user) {
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t i = 0; i < many; ++i)
    drawn.push_back(list_length(options, user, core::uniform(site_of(0), i)));
  return drawn;
}

double share_above(const std::vector<std::uint32_t>& lengths, double limit) {
  const auto above = std::count_if(lengths.begin(), lengths.end(),
                                   [=](auto length) { return length > limit; });
  return static_cast<double>(above) / static_cast<double>(lengths.size());
}

} // namespace

TEST_CASE("lists follow a Weibull law around the user's median",
          "[sim][shopping_list]") {
  shopping_list_options options;
  options.items = 40;
  options.shape = 1.5;
  options.user_spread = 0.5;
  const auto usual = lengths(options, 0);
  // Lengths are rounded: above 40 begins at 40.5.
  for (const auto limit : {10.0, 40.0, 80.0})
    CHECK(share_above(usual, limit)
          == Approx(std::pow(2.0, -std::pow((limit + 0.5) / 40, 1.5))).margin(0.012));
  const auto longer = lengths(options, 1);
  CHECK(share_above(longer, 40 * std::exp(0.5)) == Approx(0.5).margin(0.02));
}

TEST_CASE("a list has at least one item and at most what anybody carries",
          "[sim][shopping_list]") {
  shopping_list_options options;
  options.items = 0.01;
  for (const auto length : lengths(options, 0))
    CHECK(length == 1);
  options.items = 1e6;
  CHECK(list_length(options, 0, 0.5) == max_list);
  CHECK(list_length(options, 0, 0) == 1);
}

TEST_CASE("what comes to mind is popular, and for sale", "[sim][shopping_list]") {
  const auto market = small_world(small_options());
  const auto& items = market->items();
  const auto for_sale = market->for_sale(0);
  REQUIRE(for_sale.size() < items.num_items);
  std::map<core::item_id, double> seen;
  for (std::uint32_t i = 0; i < many; ++i)
    seen[market->plans().draw(for_sale.size(), core::uniform(site_of(1), i))] += 1;
  auto all = 0.0;
  for (const auto item : for_sale)
    all += items.popularity[item];
  auto chi_square = 0.0;
  for (const auto item : for_sale) {
    const auto expected = many * items.popularity[item] / all;
    chi_square += (seen[item] - expected) * (seen[item] - expected) / expected;
    seen.erase(item);
  }
  CHECK(seen.empty());
  // 269 degrees of freedom, standard deviation 23.
  CHECK(chi_square < static_cast<double>(for_sale.size()) + 90);
}

TEST_CASE("an entry was bought before as often as asked", "[sim][shopping_list]") {
  const auto market = small_world(small_options());
  const shopper_view nobody{};
  // The least popular items: hardly anything else than the past leads to them.
  std::vector<core::item_id> bought(market->items().num_items);
  for (core::item_id item = 0; item < bought.size(); ++item)
    bought[item] = item;
  std::sort(bought.begin(), bought.end(), [&](auto a, auto b) {
    return market->items().popularity[a] < market->items().popularity[b];
  });
  bought.resize(30);
  std::sort(bought.begin(), bought.end());
  const list_source source{
    &market->items(), &market->plans(), market->for_sale(0).size(),
    &nobody,          bought,           0.4};
  auto again = 0.0;
  auto all = 0.0;
  for (std::uint32_t list = 0; list < 2000; ++list) {
    const auto drawn = draw_list({}, source, 3, site_of(list));
    CHECK(std::set<core::item_id>(drawn.begin(), drawn.end()).size() == 3);
    for (const auto item : drawn) {
      again += std::binary_search(bought.begin(), bought.end(), item) ? 1 : 0;
      all += 1;
    }
  }
  // Popularity leads there too, in some two cases of a hundred.
  CHECK(again / all > 0.37);
  CHECK(again / all < 0.45);
}

TEST_CASE("taste picks among what comes to mind", "[sim][shopping_list]") {
  const auto market = small_world(small_options());
  shopper_view fond{};
  fond.direction[0] = 4;
  const shopper_view nobody{};
  const auto mean_of = [&](const shopper_view& shopper) {
    const list_source source{
      &market->items(), &market->plans(), market->for_sale(0).size(), &shopper, {}, 0};
    auto sum = 0.0;
    for (std::uint32_t list = 0; list < 500; ++list)
      for (const auto item : draw_list({}, source, 2, site_of(list)))
        sum += static_cast<double>(market->items().vector_of(item)[0]) / 1000;
    return sum;
  };
  CHECK(mean_of(fond) > mean_of(nobody) + 0.2);
}

TEST_CASE("a list that the shop cannot fill ends short", "[sim][shopping_list]") {
  const auto market = small_world(small_options());
  const shopper_view nobody{};
  const list_source source{&market->items(), &market->plans(), 5, &nobody, {}, 0};
  const auto drawn = draw_list({}, source, 50, site_of(0));
  CHECK(drawn.size() <= 5);
  CHECK_FALSE(drawn.empty());
}
