#include "sim/cohort.hpp"

#include "tests/sim/asking_policy.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace souk;
using namespace souk::sim;

namespace {

/// Lives through a world in one cohort with ticks of the given length; empty ticks are
/// skipped.
std::vector<core::session_record> live(const std::shared_ptr<const world>& market,
                                       const policy& shop,
                                       core::time_ms tick) {
  cohort people{market, 0, market->options().population.users};
  std::vector<core::session_record> records;
  while (people.next_wake() < market->end()) {
    const auto start = people.next_wake() / tick * tick;
    people.begin_tick(start, start + tick);
    while (!people.demand().empty())
      people.answer(shop.decide(people.demand()));
    const auto told = people.take_records();
    for (const auto& record : told) {
      CHECK(record.time >= start);
      CHECK(record.time < start + tick);
    }
    records.insert(records.end(), told.begin(), told.end());
  }
  return records;
}

} // namespace

TEST_CASE("cohorts of any size tell the same story", "[sim][cohort]") {
  const auto market = small_world(small_options());
  for (const auto& shop : {make_random_policy(), make_reference_policy()}) {
    const auto whole = run_market(market, *shop, 100);
    const auto quarters = run_market(market, *shop, 25);
    const auto uneven = run_market(market, *shop, 33);
    CHECK(whole.records.size() > 2000);
    CHECK(same_records(whole.records, quarters.records));
    CHECK(same_records(whole.records, uneven.records));
    CHECK(whole.totals.packed() == quarters.totals.packed());
    CHECK(whole.totals.packed() == uneven.totals.packed());
  }
}

TEST_CASE("the length of a tick changes nothing", "[sim][cohort]") {
  const auto market = small_world(small_options());
  const auto shop = make_random_policy();
  const auto whole = run_market(market, *shop, 100).records;
  CHECK(same_records(live(market, *shop, core::minute_ms), whole));
  CHECK(same_records(live(market, *shop, core::hour_ms), whole));
}

TEST_CASE("a world repeats with its seed and differs with another", "[sim][cohort]") {
  const auto options = small_options();
  const auto shop = make_random_policy();
  const auto once = run_market(small_world(options, 5), *shop, 100).records;
  CHECK(same_records(once, run_market(small_world(options, 5), *shop, 100).records));
  CHECK_FALSE(
    same_records(once, run_market(small_world(options, 6), *shop, 100).records));
}

TEST_CASE("a cohort beyond the population has nobody", "[sim][cohort]") {
  const auto market = small_world(small_options());
  const cohort nobody{market, 100, 25};
  CHECK(nobody.next_wake() == market->end());
  CHECK(nobody.totals().groups.empty());
  const cohort some{market, 90, 25};
  CHECK(some.totals().groups.at("all")[tally::users] == 10);
}

TEST_CASE("a user's records are numbered in the order of time", "[sim][cohort]") {
  // So many delays, and so short, that they often end while another page is read.
  auto options = small_options();
  options.funnel.cart_bias = 1;
  options.funnel.purchase_bias = 2;
  options.funnel.later_share = 1;
  options.funnel.later_hours = 0.02;
  options.funnel.return_days = 0.001;
  options.patience.need_met = 0;
  const auto market = small_world(options);
  const auto records = run_market(market, *make_random_policy(), 100).records;
  std::map<core::user_id, std::uint32_t> steps;
  for (const auto& record : records) {
    CHECK(record.step == steps[record.user]++);
    CHECK(record.time >= 0);
    CHECK(record.time < market->end());
  }
}

TEST_CASE("what is returned was bought, what is bought was in the cart, what is in the "
          "cart was opened, and what is opened was shown",
          "[sim][cohort]") {
  auto options = small_options();
  options.funnel.cart_bias = -1;
  options.funnel.purchase_bias = 1;
  options.funnel.return_bias = 0;
  options.funnel.rating_chance = 0.8;
  options.days = 30;
  const auto market = small_world(options);
  const auto records = run_market(market, *make_random_policy(), 100).records;
  using place =
    std::tuple<core::user_id, std::uint32_t, core::item_id, core::event_kind>;
  std::map<place, core::time_ms> happened;
  const auto after = [&](const core::session_record& record, core::event_kind before) {
    const auto found = happened.find({record.user, record.slate, record.item, before});
    return found != happened.end() && found->second <= record.time;
  };
  for (const auto& record : records) {
    happened[{record.user, record.slate, record.item, record.kind}] = record.time;
    switch (record.kind) {
    case core::event_kind::click:
      CHECK(after(record, core::event_kind::impression));
      break;
    case core::event_kind::cart:
      CHECK(after(record, core::event_kind::click));
      break;
    case core::event_kind::purchase:
      CHECK(after(record, core::event_kind::cart));
      break;
    case core::event_kind::product_return:
    case core::event_kind::rating:
      CHECK(after(record, core::event_kind::purchase));
      break;
    default:
      break;
    }
  }
  CHECK(count_of(records, core::event_kind::product_return) > 20);
  CHECK(count_of(records, core::event_kind::rating) > 20);
  CHECK(count_of(records, core::event_kind::search) > 20);
}

TEST_CASE("a session ends once, and nothing of its slates follows", "[sim][cohort]") {
  const auto market = small_world(small_options());
  const auto records = run_market(market, *make_random_policy(), 100).records;
  std::set<std::pair<core::user_id, std::uint32_t>> ended;
  for (const auto& record : records) {
    const auto session = std::make_pair(record.user, record.session);
    if (record.kind == core::event_kind::leave)
      CHECK(ended.insert(session).second);
    else if (record.kind == core::event_kind::impression
             || record.kind == core::event_kind::click)
      CHECK(ended.count(session) == 0);
  }
  CHECK(ended.size() > 200);
}

TEST_CASE("newcomers join during the run, and regulars have joined before",
          "[sim][cohort]") {
  auto options = small_options();
  options.population.users = 3000;
  options.population.newcomer_share = 0.3;
  const auto market = small_world(options);
  std::uint32_t newcomers = 0;
  auto late = 0.0;
  for (core::user_id user = 0; user < 3000; ++user) {
    const auto from = market->entry_of(user);
    newcomers += from.newcomer ? 1 : 0;
    late += from.newcomer && from.joined > market->end() / 2 ? 1 : 0;
    if (!from.newcomer)
      CHECK(from.joined == 0);
  }
  CHECK(newcomers == Approx(900).margin(80));
  CHECK(late / newcomers == Approx(0.5).margin(0.06));
  const auto totals = run_market(market, *make_random_policy(), 1000).totals;
  CHECK(totals.groups.at("user=newcomer")[tally::users] == newcomers);
  // A newcomer's first session is the arrival itself.
  CHECK(totals.groups.at("user=newcomer")[tally::sessions] >= newcomers);
}

TEST_CASE("in the stationary preset, wants do not change", "[sim][cohort]") {
  auto options = small_options("stationary");
  options.intent = {0, 0};
  const auto market = small_world(options);
  std::map<core::user_id, std::array<float, max_dimensions>> directions;
  const asking_policy watching{
    make_random_policy(), [&](const slate_demand& demand, const policy_slates&) {
      for (std::size_t row = 0; row < demand.num_rows(); ++row) {
        const auto& now = demand.truth[row].direction;
        CHECK(directions.emplace(demand.users[row], now).first->second == now);
      }
    }};
  const auto run = run_market(market, watching, 100);
  CHECK(run.totals.groups.at("all")[tally::departures] == 0);
}

TEST_CASE("satisfaction brings people back and keeps them", "[sim][cohort]") {
  auto options = small_options();
  options.population.users = 1000;
  options.churn.chance = 0.05;
  options.days = 20;
  const auto market = small_world(options);
  const auto random = run_market(market, *make_random_policy(), 1000).totals;
  const auto reference = run_market(market, *make_reference_policy(), 1000).totals;
  const auto& bad = random.groups.at("all");
  const auto& good = reference.groups.at("all");
  CHECK(good[tally::sessions] > bad[tally::sessions]);
  CHECK(good[tally::departures] < bad[tally::departures]);
}

TEST_CASE("what happens is counted by what sessions were for and what was searched",
          "[sim][cohort]") {
  auto options = small_options();
  options.intent.search_share = 0.4;
  options.intent.buy_again = 0.3;
  options.funnel.cart_bias = 0; // many buy
  options.funnel.purchase_bias = 0;
  options.regret_share = 1;
  const auto market = small_world(options);
  const auto run = run_market(market, *make_popularity_policy(market), 100);
  const auto& groups = run.totals.groups;
  const auto sum_over = [&](const std::string& kind, tally what) {
    std::int64_t sum = 0;
    for (const auto& [group, sums] : groups)
      if (group.rfind(kind, 0) == 0)
        sum += sums[what];
    return sum;
  };
  for (const auto what : {tally::slates, tally::impressions, tally::clicks,
                          tally::carts, tally::purchases, tally::revenue,
                          tally::regret_slates, tally::ndcg, tally::slate_value}) {
    CHECK(groups.at("all")[what] > 0);
    CHECK(sum_over("intent=", what) == groups.at("all")[what]);
    CHECK(sum_over("query=", what) == groups.at("intent=search")[what]);
  }
  std::int64_t bought_by_search = 0;
  for (const auto& record : run.records)
    bought_by_search += record.kind == core::event_kind::purchase
                        && record.query != core::session_record::no_query;
  CHECK(bought_by_search == groups.at("intent=search")[tally::purchases]);
}

TEST_CASE("a user costs at most two hundred bytes, a month of memories included",
          "[sim][cohort]") {
  auto options = small_options();
  options.population.users = 1000;
  options.days = 30;
  const auto market = small_world(options);
  const auto shop = make_popularity_policy(market);
  cohort people{market, 0, 1000};
  CHECK(people.memory_bytes() / 1000 <= 150);
  for (core::time_ms hour = 0; hour < 30 * 24; ++hour) {
    people.begin_tick(hour * core::hour_ms, (hour + 1) * core::hour_ms);
    while (!people.demand().empty())
      people.answer(shop->decide(people.demand()));
    people.take_records();
  }
  CHECK(people.totals().groups.at("all")[tally::clicks] > 10000);
  CHECK(people.memory_bytes() / 1000 <= 200);
}
