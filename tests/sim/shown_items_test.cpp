#include "sim/cohort.hpp"
#include "tests/sim/asking_policy.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

// What a shop may show, and what it knows of whom.

using namespace souk;
using namespace souk::sim;

TEST_CASE("items are shown from their launch on, and then they are", "[sim][cohort]") {
  auto options = small_options();
  options.catalogue.launch_share = 0.3;
  const auto market = small_world(options);
  const auto run = run_market(market, *make_random_policy(), 100);
  std::size_t launched = 0;
  for (const auto& record : run.records)
    if (record.kind == core::event_kind::impression) {
      const auto launch = market->items().launch_day[record.item];
      CHECK(record.time >= launch * core::day_ms);
      launched += launch > 0;
    }
  CHECK(launched > 1000);
  CHECK(run.totals.groups.at("item_age=0-2")[tally::impressions] > 0);
}

TEST_CASE("a shop does not know who has not logged in", "[sim][cohort]") {
  const auto market = small_world(small_options());
  std::size_t anonymous = 0;
  std::size_t all = 0;
  std::map<core::user_id, std::set<core::item_id>> known;
  const asking_policy watching{
    make_random_policy(), [&](const slate_demand& demand, const policy_slates&) {
      for (std::size_t row = 0; row < demand.num_rows(); ++row) {
        ++all;
        const auto history = demand.history.row(row);
        const auto code = demand.attributes.columns[0].codes[row];
        if (demand.anonymous[row]) {
          ++anonymous;
          CHECK(code == core::no_code);
        } else {
          CHECK(code != core::no_code);
          auto& items = known[demand.users[row]];
          // What a shop knows of somebody who logs in is never forgotten.
          const std::set<core::item_id> now(history.begin(), history.end());
          CHECK(std::includes(now.begin(), now.end(), items.begin(), items.end()));
          items = now;
        }
      }
    }};
  run_market(market, watching, 100);
  CHECK(static_cast<double>(anonymous) / static_cast<double>(all)
        == Approx(0.5).margin(0.12));
}

TEST_CASE("histories are the items opened before, ascending", "[sim][cohort]") {
  auto options = small_options();
  options.population.anonymous_share = 0;
  const auto market = small_world(options);
  std::map<std::pair<core::user_id, core::time_ms>, std::vector<core::item_id>> seen;
  const asking_policy watching{
    make_random_policy(), [&](const slate_demand& demand, const policy_slates&) {
      for (std::size_t row = 0; row < demand.num_rows(); ++row) {
        const auto history = demand.history.row(row);
        seen[{demand.users[row], demand.times[row]}] = {history.begin(), history.end()};
      }
    }};
  const auto records = run_market(market, watching, 100).records;
  std::map<core::user_id, std::set<core::item_id>> opened;
  for (const auto& record : records) {
    if (record.kind == core::event_kind::click)
      opened[record.user].insert(record.item);
    if (record.kind == core::event_kind::impression && record.position == 0) {
      const auto& items = opened[record.user];
      CHECK(seen.at({record.user, record.time})
            == std::vector<core::item_id>(items.begin(), items.end()));
    }
  }
}

TEST_CASE("a session turns pages: nothing is shown twice in it", "[sim][cohort]") {
  auto options = small_options();
  const auto count_repeats = [](const std::vector<core::session_record>& records) {
    std::set<std::tuple<core::user_id, std::uint32_t, core::item_id>> shown;
    std::size_t repeats = 0;
    for (const auto& record : records)
      if (record.kind == core::event_kind::impression)
        repeats += !shown.insert({record.user, record.session, record.item}).second;
    return repeats;
  };
  auto market = small_world(options);
  CHECK(count_repeats(run_market(market, *make_popularity_policy(market), 100).records)
        == 0);
  options.paging = false;
  market = small_world(options);
  CHECK(count_repeats(run_market(market, *make_popularity_policy(market), 100).records)
        > 1000);
}

TEST_CASE("what was bought is not offered again, except to buy it again",
          "[sim][cohort]") {
  auto options = small_options();
  options.population.anonymous_share = 0;
  options.funnel.cart_bias = 0;
  options.funnel.purchase_bias = 2;
  options.funnel.later_share = 0;
  options.intent.buy_again = 0;
  const auto count_offers = [](const std::vector<core::session_record>& records) {
    std::set<std::pair<core::user_id, core::item_id>> bought;
    std::size_t offers = 0;
    for (const auto& record : records) {
      if (record.kind == core::event_kind::purchase)
        bought.insert({record.user, record.item});
      if (record.kind == core::event_kind::impression)
        offers += bought.count({record.user, record.item});
    }
    return offers;
  };
  CHECK(
    count_offers(run_market(small_world(options), *make_random_policy(), 100).records)
    == 0);
  options.intent.buy_again = 0.5;
  CHECK(
    count_offers(run_market(small_world(options), *make_random_policy(), 100).records)
    > 0);
}

TEST_CASE("a shop knows what its users opened logged in, or bought", "[sim][cohort]") {
  auto options = small_options();
  options.population.login_chance = 0;
  auto num_told = std::numeric_limits<std::size_t>::max();
  for (const auto anonymous : {0.0, 0.5, 1.0}) {
    options.population.anonymous_share = anonymous;
    const auto market = small_world(options);
    cohort people{market, 0, options.population.users};
    // By user and item: clicks before day 5 and clicks at all, purchases before day 5.
    std::set<std::pair<core::user_id, core::item_id>> early;
    std::set<std::pair<core::user_id, core::item_id>> clicked;
    std::set<std::pair<core::user_id, core::item_id>> bought;
    core::user_rows known;
    const auto shop = make_random_policy();
    for (core::time_ms start = 0; start < market->end(); start += core::day_ms) {
      if (start == 5 * core::day_ms)
        known = people.histories();
      people.begin_tick(start, start + core::day_ms);
      while (!people.demand().empty())
        people.answer(shop->decide(people.demand()));
      for (const auto& record : people.take_records()) {
        const std::pair event{record.user, record.item};
        if (record.kind == core::event_kind::click)
          clicked.insert(event);
        if (record.kind == core::event_kind::click && record.time < 5 * core::day_ms)
          early.insert(event);
        if (record.kind == core::event_kind::purchase && record.time < 5 * core::day_ms)
          bought.insert(event);
      }
    }
    std::set<std::pair<core::user_id, core::item_id>> told;
    for (std::size_t row = 0; row < known.users.size(); ++row) {
      CHECK_FALSE(known.rows.row(row).empty());
      CHECK((row == 0 || known.users[row - 1] < known.users[row]));
      for (const auto item : known.rows.row(row))
        CHECK(told.insert({known.users[row], item}).second);
    }
    CHECK(std::includes(clicked.begin(), clicked.end(), told.begin(), told.end()));
    CHECK(std::includes(told.begin(), told.end(), bought.begin(), bought.end()));
    CHECK(std::includes(told.begin(), told.end(), early.begin(), early.end())
          == (anonymous == 0));
    CHECK(told.size() < num_told); // the more shoppers stay anonymous
    num_told = told.size();
  }
}
