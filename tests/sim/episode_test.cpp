#include "sim/episode.hpp"

#include "core/error.hpp"
#include "sim/slate_value.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace souk;
using namespace souk::sim;
using Catch::Matchers::Contains;

namespace {

using slate_list = std::vector<std::vector<core::item_id>>;

slate_list decided(const policy& shop, const episode& played) {
  const auto answer = shop.decide(played.demand());
  slate_list slates;
  for (std::size_t row = 0; row < played.demand().num_rows(); ++row) {
    const auto items = answer.slates.row(row);
    slates.emplace_back(items.begin(),
                        std::find(items.begin(), items.end(), core::no_item));
  }
  return slates;
}

/// What a whole episode came to.
struct played_episode {
  std::vector<core::session_record> records;
  std::vector<double> rewards;
  double total = 0;
  std::size_t terminated = 0;
  std::size_t truncated = 0;
  std::size_t clicked = 0;
  std::size_t bought = 0;
  int both = 0;
  std::size_t steps = 0;
  std::size_t came_back = 0; ///< slots that waited again after not waiting
};

played_episode play(const std::shared_ptr<const world>& market,
                    const policy& shop,
                    const episode_options& options = {}) {
  episode game{market, options};
  played_episode whole;
  whole.records = game.records();
  std::vector<std::uint8_t> waited(game.num_slots(), 0);
  for (const auto slot : game.demand().users)
    waited[slot] = 1;
  while (!game.is_over()) {
    const auto told = game.step(decided(shop, game));
    ++whole.steps;
    whole.records.insert(whole.records.end(), game.records().begin(),
                         game.records().end());
    for (std::size_t slot = 0; slot < game.num_slots(); ++slot) {
      whole.rewards.push_back(told.rewards[slot]);
      whole.total += told.rewards[slot];
      whole.terminated += told.terminated[slot];
      whole.truncated += told.truncated[slot];
      whole.clicked += told.clicked[slot] != core::no_item ? 1 : 0;
      whole.bought += told.bought[slot].size();
      whole.both += told.terminated[slot] & told.truncated[slot];
    }
    std::vector<std::uint8_t> waits(game.num_slots(), 0);
    for (const auto slot : game.demand().users) {
      waits[slot] = 1;
      whole.came_back += waited[slot] == 0 ? 1 : 0;
    }
    waited = waits;
  }
  CHECK(whole.both == 0);
  return whole;
}

std::int64_t cents_of(const std::vector<core::session_record>& records) {
  return std::accumulate(records.begin(), records.end(), std::int64_t{0},
                         [](auto sum, const auto& record) {
                           return record.kind == core::event_kind::purchase
                                    ? sum + std::llround(record.price * 100.0)
                                    : sum;
                         });
}

std::string refusal(episode& game, const slate_list& slates) {
  try {
    game.step(slates);
  } catch (const core::error& wrong) {
    CHECK(wrong.whom() == core::blame::request);
    return wrong.what();
  }
  return "";
}

} // namespace

SCENARIO("an episode is the market that a policy would have had", "[sim][episode]") {
  const auto market = small_world(small_options());
  const auto shop = make_popularity_policy(market);
  auto expected = run_market(market, *shop, 33);
  for (auto& record : expected.records) { // only their maker knows them
    record.propensity = 0;
    record.propensity_is = core::propensity_kind::none;
  }
  const auto tick =
    GENERATE(core::time_ms{0}, core::hour_ms, core::day_ms, core::time_ms{1234567});
  auto whole = play(market, *shop, {slate_reward::clicks, tick});
  std::sort(
    whole.records.begin(), whole.records.end(), [](const auto& a, const auto& b) {
      return std::tie(a.time, a.user, a.step) < std::tie(b.time, b.user, b.step);
    });
  CHECK(same_records(whole.records, expected.records));
  // Where a tick is the whole run, everybody waits until they never will again.
  CHECK((whole.came_back == 0) == (tick == 0));
}

SCENARIO("rewards add up to what the log says", "[sim][episode]") {
  const auto market = small_world(small_options());
  const auto shop = make_popularity_policy(market);
  const auto tick = GENERATE(core::time_ms{0}, core::hour_ms);
  const auto clicks = play(market, *shop, {slate_reward::clicks, tick});
  const auto count = count_of(clicks.records, core::event_kind::click);
  REQUIRE(count > 100);
  CHECK(clicks.total == static_cast<double>(count));
  CHECK(clicks.clicked == count);
  CHECK(clicks.bought == count_of(clicks.records, core::event_kind::purchase));
  const auto purchases = play(market, *shop, {slate_reward::purchases, tick});
  REQUIRE(count_of(purchases.records, core::event_kind::purchase) > 0);
  CHECK(
    purchases.total
    == static_cast<double>(count_of(purchases.records, core::event_kind::purchase)));
  const auto revenue = play(market, *shop, {slate_reward::revenue, tick});
  CHECK(revenue.total
        == Approx(static_cast<double>(cents_of(revenue.records)) / 100).margin(1e-6));
  // Every session of which a slate was seen ends in one of two ways.
  CHECK(clicks.terminated == count_of(clicks.records, core::event_kind::leave));
  const auto totals = run_market(market, *shop, 100).totals.groups.at("all");
  CHECK(clicks.terminated + clicks.truncated
        == static_cast<std::size_t>(totals[tally::sessions]));
}

SCENARIO("only clicks on slates are rewarded", "[sim][episode]") {
  auto options = small_options();
  options.shopping_list.items = 3;
  const auto market = small_world(options);
  const auto shop = make_popularity_policy(market);
  const auto played = play(market, *shop);
  auto totals = run_market(market, *shop, 100).totals.groups;
  // What sessions are for is asked only where slates are shown.
  const auto on_slates = totals.at("intent=browse")[tally::clicks]
                         + totals.at("intent=search")[tally::clicks]
                         + totals.at("intent=buy_again")[tally::clicks];
  CHECK(played.total == static_cast<double>(on_slates));
  CHECK(played.clicked == static_cast<std::size_t>(on_slates));
  CHECK(count_of(played.records, core::event_kind::click)
        > static_cast<std::size_t>(on_slates));
  CHECK(played.bought == count_of(played.records, core::event_kind::purchase));
}

SCENARIO("the same world and slates give the same episode", "[sim][episode]") {
  const auto shop = make_random_policy();
  const auto once = play(small_world(small_options(), 5), *shop);
  const auto again = play(small_world(small_options(), 5), *shop);
  const auto other = play(small_world(small_options(), 6), *shop);
  CHECK(same_records(once.records, again.records));
  CHECK(once.rewards == again.rewards);
  CHECK(once.steps == again.steps);
  CHECK_FALSE(same_records(once.records, other.records));
}

SCENARIO("a wrong slate is refused and changes nothing", "[sim][episode]") {
  auto options = small_options();
  options.catalogue.launch_share = 0.3;
  const auto market = small_world(options);
  const auto shop = make_popularity_policy(market);
  episode game{market, {}};
  game.step(decided(*shop, game));
  const auto right = decided(*shop, game);
  const auto& asked = game.demand();
  const auto row_where = [&](auto holds) {
    std::size_t row = 0;
    while (row < asked.num_rows() && !holds(row))
      ++row;
    REQUIRE(row < asked.num_rows());
    return row;
  };
  const auto browsing = row_where([&](std::size_t row) {
    return asked.queries[row] == core::session_record::no_query
           && !asked.barred.row(row).empty() && right[row].size() == 10
           && !market->not_yet_for_sale(asked.day(row)).empty();
  });
  const auto searching = row_where([&](std::size_t row) {
    return asked.queries[row] != core::session_record::no_query
           && right[row].size() > 1;
  });
  const auto with = [&](std::size_t row, core::item_id item) {
    auto slates = right;
    slates[row].back() = item;
    return slates;
  };
  const auto where = "the slate of user " + std::to_string(asked.users[browsing]);

  CHECK_THAT(refusal(game, with(browsing, 300)), Contains(where)
                                                   && Contains("there is no item 300")
                                                   && Contains("from 0 to 299"));
  CHECK_THAT(refusal(game, with(browsing, core::no_item)),
             Contains("there is no item"));
  CHECK_THAT(refusal(game, with(browsing, right[browsing].front())),
             Contains("stands there twice"));
  CHECK_THAT(refusal(game, with(browsing, asked.barred.row(browsing)[0])),
             Contains("was shown in this session or bought before"));
  CHECK_THAT(
    refusal(game, with(browsing, market->not_yet_for_sale(asked.day(browsing))[0])),
    Contains("is not for sale before day"));
  const auto found = market->search().sorted_results(asked.queries[searching]);
  core::item_id elsewhere = 0;
  while (std::binary_search(found.begin(), found.end(), elsewhere)
         || !may_show(asked, searching, elsewhere))
    ++elsewhere;
  CHECK_THAT(refusal(game, with(searching, elsewhere)),
             Contains("was not found by the search"));
  auto shorter = right;
  shorter[browsing].pop_back();
  CHECK_THAT(refusal(game, shorter), Contains("has 9 items instead of 10"));
  auto fewer = right;
  fewer.pop_back();
  CHECK_THAT(refusal(game, fewer), Contains("users wait"));

  // As if nothing had been asked.
  const auto told = game.step(right);
  episode same{market, {}};
  same.step(decided(*shop, same));
  CHECK(told.rewards == same.step(right).rewards);
  CHECK(same_records(game.records(), same.records()));
}

SCENARIO("after the last day nobody waits", "[sim][episode]") {
  auto options = small_options();
  options.days = 1;
  const auto market = small_world(options);
  episode game{market, {}};
  const auto shop = make_random_policy();
  while (!game.is_over())
    game.step(decided(*shop, game));
  CHECK(game.demand().num_rows() == 0);
  CHECK(game.step({}).rewards == std::vector<double>(100, 0.0));
}

SCENARIO("no slate is worth more than the reference's", "[sim][episode]") {
  const auto market = small_world(small_options());
  const episode game{market, {}};
  const auto best = decided(*make_reference_policy(), game);
  const auto random = decided(*make_random_policy(), game);
  for (std::size_t row = 0; row < best.size(); ++row) {
    const auto value = expected_value_of(game.demand(), row, best[row]);
    CHECK(value > 0);
    CHECK(value < 1);
    CHECK(value >= expected_value_of(game.demand(), row, random[row]));
  }
}
