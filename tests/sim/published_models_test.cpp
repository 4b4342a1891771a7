#include "core/error.hpp"
#include "sim/population.hpp"
#include "tests/sim/asking_policy.hpp"
#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace souk;
using namespace souk::sim;

namespace {

simulation_options published(const std::string& preset, std::uint32_t users = 300) {
  auto options = preset_options(preset);
  options.population.users = users;
  return options;
}

/// Lives through the whole run in ticks of one length and returns all records.
std::vector<core::session_record> records_of(const std::shared_ptr<const world>& market,
                                             const policy& shop,
                                             std::uint32_t cohort,
                                             core::time_ms tick) {
  std::vector<core::session_record> all;
  for (core::user_id first = 0; first < market->options().population.users;
       first += cohort) {
    const auto people = make_population(market, first, cohort);
    while (people->next_wake() < market->end()) {
      const auto start = people->next_wake() / tick * tick;
      people->live(start, start + tick, shop);
      for (auto& record : people->take_records()) {
        REQUIRE(record.time >= start);
        REQUIRE(record.time < start + tick);
        all.push_back(record);
      }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time, a.user) < std::tie(b.time, b.user);
  });
  return all;
}

} // namespace

TEST_CASE("users of published models live alike in any cohort and tick",
          "[sim][published_models]") {
  const auto* preset = GENERATE("reco_gym", "interest_evolution");
  const auto* shop_name = GENERATE("random", "popularity");
  CAPTURE(preset, shop_name);
  const auto market = small_world(published(preset));
  const auto shop = std::string{shop_name} == "random" ? make_random_policy()
                                                       : make_popularity_policy(market);
  const auto whole = records_of(market, *shop, 300, 5000);
  CHECK(whole.size() > 20000);
  CHECK(same_records(records_of(market, *shop, 77, 5000), whole));
  CHECK(same_records(records_of(market, *shop, 100, 1000), whole));
  CHECK(same_records(records_of(market, *shop, 300, core::day_ms), whole));
}

TEST_CASE("a uniform policy that is not asked has the slates of one that is",
          "[sim][published_models]") {
  const auto* preset = GENERATE("reco_gym", "interest_evolution");
  auto options = published(preset);
  options.reco_gym.products = GENERATE(1U, 2U, 10U, 100U);
  // Slates of almost all candidates need more draws than are made together.
  options.interest_evolution.candidates = 4 + options.reco_gym.products % 7;
  CAPTURE(preset, options.reco_gym.products);
  const auto market = small_world(options);
  CHECK(
    same_records(records_of(market, *make_random_policy(), 300, 5000),
                 records_of(market, asking_policy{make_random_policy()}, 300, 5000)));
}

TEST_CASE("records of published models are numbered one after another",
          "[sim][published_models]") {
  const auto* preset = GENERATE("reco_gym", "interest_evolution");
  const auto market = small_world(published(preset, 50));
  const auto records = records_of(market, *make_random_policy(), 50, 5000);
  std::vector<std::uint32_t> steps(50), slates(50);
  const core::session_record* shown = nullptr;
  for (const auto& record : records) {
    REQUIRE(record.step == steps[record.user]++);
    REQUIRE(record.session == 0);
    if (record.kind == core::event_kind::impression) {
      if (record.position == 0)
        REQUIRE(record.slate == slates[record.user]++);
      REQUIRE(record.propensity_is == core::propensity_kind::exact);
      REQUIRE(record.propensity > 0);
      shown = &record;
    }
    if (record.kind == core::event_kind::click) {
      REQUIRE(shown != nullptr);
      REQUIRE(record.user == shown->user);
      REQUIRE(record.slate == shown->slate);
    }
  }
}

TEST_CASE("totals of published models are those of their records",
          "[sim][published_models]") {
  const auto* preset = GENERATE("reco_gym", "interest_evolution");
  const auto market = small_world(published(preset));
  const auto run = run_market(market, *make_random_policy(), 100);
  const auto& all = run.totals.groups.at("all");
  const auto logged = [&](core::event_kind kind) {
    return static_cast<std::int64_t>(count_of(run.records, kind));
  };
  CHECK(all[tally::users] == 300);
  CHECK(all[tally::impressions] == logged(core::event_kind::impression));
  CHECK(all[tally::clicks] == logged(core::event_kind::click));
  CHECK(all[tally::views] == logged(core::event_kind::view));
  const auto found = metrics(run.totals);
  const auto value_of = [&](const std::string& name) {
    const auto place = std::find_if(
      found.begin(), found.end(), [&](const auto& one) { return one.metric == name; });
    REQUIRE(place != found.end());
    return place->value;
  };
  CHECK(value_of("slates_per_user")
        == Approx(static_cast<double>(all[tally::slates]) / 300));
  CHECK(value_of("views_per_user")
        == Approx(static_cast<double>(all[tally::views]) / 300));
  CHECK(value_of("expected_slate_value")
        == Approx(value_of("slate_click_rate")).epsilon(0.2));
}

TEST_CASE("policies see what users of published models opened",
          "[sim][published_models]") {
  const auto* preset = GENERATE("reco_gym", "interest_evolution");
  const auto market = small_world(published(preset, 40));
  std::vector<std::set<core::item_id>> opened(40);
  std::size_t num_rows = 0;
  std::vector<std::vector<core::item_id>> seen; // histories, in the order of records
  const asking_policy shop{
    make_popularity_policy(market),
    [&](const slate_demand& demand, const policy_slates& slates) {
      for (std::size_t row = 0; row < demand.num_rows(); ++row) {
        const auto history = demand.history.row(row);
        seen.emplace_back(history.begin(), history.end());
        ++num_rows;
        for (const auto item : slates.slates.row(row))
          REQUIRE(may_show(demand, row, item));
      }
      if (demand.offered.num_rows() > 0) {
        REQUIRE(assortments_of(demand)[0].only->size() == 10);
      }
    }};
  const auto records = records_of(market, shop, 40, core::day_ms);
  std::size_t row = 0;
  std::set<core::user_id> clicked_now;
  std::vector<const core::session_record*> later;
  core::time_ms now = 0;
  for (const auto& record : records) {
    if (record.time != now) {
      for (const auto* event : later)
        opened[event->user].insert(event->item);
      later.clear();
      now = record.time;
    }
    if (record.kind == core::event_kind::impression && record.position == 0) {
      REQUIRE(row < seen.size());
      const auto& known = opened[record.user];
      REQUIRE(seen[row] == std::vector<core::item_id>(known.begin(), known.end()));
      ++row;
    }
    if (record.kind != core::event_kind::impression)
      later.push_back(&record);
  }
  CHECK(row == num_rows);
}

TEST_CASE("wrong options of published models are refused by name",
          "[sim][published_models]") {
  const auto refusal_of = [](const simulation_options& options) -> std::string {
    try {
      validate(options);
    } catch (const core::error& wrong) {
      return wrong.what();
    }
    return "";
  };
  auto gym = published("reco_gym");
  CHECK(refusal_of(gym).empty());
  gym.reco_gym.leave_organic = 0.8;
  CHECK_THAT(refusal_of(gym), Catch::Contains("reco_gym.leave_organic"));
  gym = published("reco_gym");
  gym.policies = plain_policies({"reference"});
  CHECK_THAT(refusal_of(gym), Catch::Contains("policies"));
  gym = published("reco_gym");
  gym.reco_gym.dimensions = 17;
  CHECK_THAT(refusal_of(gym), Catch::Contains("reco_gym.dimensions"));
  auto evolution = published("interest_evolution");
  CHECK(refusal_of(evolution).empty());
  evolution.slate_size = 11;
  CHECK_THAT(refusal_of(evolution), Catch::Contains("slate_size"));
  evolution = published("interest_evolution");
  evolution.interest_evolution.documents = 9;
  CHECK_THAT(refusal_of(evolution), Catch::Contains("interest_evolution.documents"));
}
