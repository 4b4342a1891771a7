#include "sim/market_totals.hpp"

#include "core/error.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace souk;
using namespace souk::sim;

namespace {

double metric_of(const std::vector<world_metric>& all,
                 const std::string& metric,
                 const std::string& group) {
  for (const auto& one : all)
    if (one.metric == metric && one.group == group)
      return one.value;
  FAIL("there is no " << metric << " of " << group);
  return 0;
}

} // namespace

TEST_CASE("totals come back from their bytes", "[sim][totals]") {
  const auto totals =
    run_market(small_world(small_options()), *make_random_policy(), 100).totals;
  const auto back = market_totals::unpack(totals.packed());
  CHECK(back.packed() == totals.packed());
  CHECK(back.groups.at("all")[tally::clicks] == totals.groups.at("all")[tally::clicks]);
  CHECK(market_totals::unpack(market_totals{}.packed()).groups.empty());
}

TEST_CASE("bytes that are no totals are refused", "[sim][totals]") {
  const auto bytes =
    run_market(small_world(small_options()), *make_random_policy(), 100)
      .totals.packed();
  for (std::size_t size = 0; size < bytes.size(); size += 37)
    CHECK_THROWS_AS(
      market_totals::unpack(core::span<const std::uint8_t>{bytes.data(), size}),
      core::error);
  auto longer = bytes;
  longer.push_back(0);
  CHECK_THROWS_AS(market_totals::unpack(longer), core::error);
  auto other_layout = bytes;
  ++other_layout[0];
  CHECK_THROWS_AS(market_totals::unpack(other_layout), core::error);
}

TEST_CASE("totals merge to the same bits in any order", "[sim][totals]") {
  const auto market = small_world(small_options());
  std::vector<market_totals> parts;
  for (core::user_id first = 0; first < 100; first += 20) {
    cohort people{market, first, 20};
    people.begin_tick(0, market->end());
    while (!people.demand().empty())
      people.answer(make_random_policy()->decide(people.demand()));
    parts.push_back(people.totals());
  }
  market_totals forwards;
  market_totals backwards;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    forwards.merge(parts[i]);
    backwards.merge(parts[parts.size() - 1 - i]);
  }
  CHECK(forwards.packed() == backwards.packed());
}

TEST_CASE("totals agree with the log", "[sim][totals]") {
  auto options = small_options();
  options.funnel.cart_bias = -1;
  const auto run = run_market(small_world(options), *make_random_policy(), 100);
  const auto& all = run.totals.groups.at("all");
  const auto logged = [&](core::event_kind kind) {
    return static_cast<std::int64_t>(count_of(run.records, kind));
  };
  CHECK(all[tally::impressions] == logged(core::event_kind::impression));
  CHECK(all[tally::clicks] == logged(core::event_kind::click));
  CHECK(all[tally::carts] == logged(core::event_kind::cart));
  CHECK(all[tally::purchases] == logged(core::event_kind::purchase));
  CHECK(all[tally::returns] == logged(core::event_kind::product_return));
  CHECK(all[tally::ratings] == logged(core::event_kind::rating));
  CHECK(all[tally::searches] == logged(core::event_kind::search));
  CHECK(all[tally::sessions_ended] == logged(core::event_kind::leave));
  auto revenue = 0.0;
  for (const auto& record : run.records)
    if (record.kind == core::event_kind::purchase)
      revenue += static_cast<double>(record.price);
  CHECK(static_cast<double>(all[tally::revenue]) / 100
        == Approx(revenue).epsilon(1e-5));
}

TEST_CASE("what comes of a slate counts for what was known when it was shown",
          "[sim][totals]") {
  auto options = small_options();
  options.population.newcomer_share = 1;
  options.population.anonymous_share = 0;
  options.funnel.cart_bias = 0; // many buy
  options.funnel.purchase_bias = 0;
  options.funnel.later_share = 1; // when the shop has got to know them
  const auto run = run_market(small_world(options), *make_random_policy(), 100);
  std::map<core::user_id, std::set<core::item_id>> opened;
  std::map<std::pair<core::user_id, std::uint32_t>, std::string> bands;
  std::map<std::string, std::map<core::event_kind, std::int64_t>> counts;
  for (const auto& record : run.records) {
    auto& known = opened[record.user];
    if (record.kind == core::event_kind::impression && record.position == 0) {
      auto least = history_bounds.size() - 1;
      while (known.size() < history_bounds[least])
        --least;
      bands[{record.user, record.slate}] =
        "history=" + std::to_string(history_bounds[least]);
    }
    if (record.item == core::no_item)
      continue;
    ++counts[bands.at({record.user, record.slate})][record.kind];
    if (record.kind == core::event_kind::click)
      known.insert(record.item);
  }
  REQUIRE(counts.at("history=0")[core::event_kind::purchase] > 0);
  for (auto& [band, logged] : counts) {
    INFO(band);
    const auto& sums = run.totals.groups.at(band);
    CHECK(sums[tally::impressions] == logged[core::event_kind::impression]);
    CHECK(sums[tally::clicks] == logged[core::event_kind::click]);
    CHECK(sums[tally::carts] == logged[core::event_kind::cart]);
    CHECK(sums[tally::purchases] == logged[core::event_kind::purchase]);
    CHECK(sums[tally::returns] == logged[core::event_kind::product_return]);
  }
}

TEST_CASE("groups that divide everybody or every day sum to all", "[sim][totals]") {
  const auto totals =
    run_market(small_world(small_options()), *make_random_policy(), 100).totals;
  const auto sum_of = [&](const std::string& prefix, tally what) {
    std::int64_t sum = 0;
    for (const auto& [name, sums] : totals.groups)
      if (name.rfind(prefix, 0) == 0)
        sum += sums[what];
    return sum;
  };
  const auto& all = totals.groups.at("all");
  for (const auto what : {tally::impressions, tally::clicks, tally::purchases}) {
    CHECK(sum_of("user=", what) == all[what]);
    CHECK(sum_of("gender=", what) == all[what]);
    CHECK(sum_of("history=", what) == all[what]);
    CHECK(sum_of("item_age=", what) == all[what]);
    CHECK(sum_of("day=", what) == all[what]);
  }
  CHECK(sum_of("gender=", tally::users) == 100);
  CHECK(sum_of("day=", tally::sessions) == all[tally::sessions]);
}

TEST_CASE("metrics are what they are called", "[sim][totals]") {
  market_totals totals;
  auto& all = totals.groups["all"];
  all[tally::users] = 4;
  all[tally::sessions] = 10;
  all[tally::sessions_ended] = 8;
  all[tally::converted] = 1;
  all[tally::slates] = 50;
  all[tally::impressions] = 500;
  all[tally::clicks] = 20;
  all[tally::carts] = 5;
  all[tally::purchases] = 2;
  all[tally::returns] = 1;
  all[tally::revenue] = 1250;
  all[tally::satisfaction] = 4000000;
  all[tally::slate_value] = 10000000;
  all[tally::departures] = 1;
  totals.groups["history=3"][tally::impressions] = 100;
  totals.groups["history=3"][tally::clicks] = 7;
  const auto found = metrics(totals);
  CHECK(metric_of(found, "click_through_rate", "all") == Approx(0.04));
  CHECK(metric_of(found, "cart_rate", "all") == Approx(0.25));
  CHECK(metric_of(found, "purchase_rate", "all") == Approx(0.4));
  CHECK(metric_of(found, "carts_per_impression", "all") == Approx(0.01));
  CHECK(metric_of(found, "purchases_per_impression", "all") == Approx(0.004));
  CHECK(metric_of(found, "kept_per_impression", "all") == Approx(0.002));
  CHECK(metric_of(found, "purchases_per_user", "all") == Approx(0.5));
  CHECK(metric_of(found, "revenue_per_user", "all") == Approx(3.125));
  CHECK(metric_of(found, "return_rate", "all") == Approx(0.5));
  CHECK(metric_of(found, "conversion", "all") == Approx(0.1));
  CHECK(metric_of(found, "satisfaction", "all") == Approx(0.5));
  CHECK(metric_of(found, "expected_slate_value", "all") == Approx(0.2));
  CHECK(metric_of(found, "churn", "all") == Approx(0.25));
  CHECK(metric_of(found, "click_through_rate", "history=3") == Approx(0.07));
  for (const auto& one : found) {
    CHECK_FALSE((one.metric == "regret" || one.metric == "rating"));
    CHECK_FALSE((one.group == "history=3" && one.metric == "sessions"));
    CHECK_FALSE((one.group == "history=3" && one.metric == "kept_per_impression"));
  }
}
