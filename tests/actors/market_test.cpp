#include "actors/market.hpp"

#include "actors/user_cohort.hpp"
#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

std::shared_ptr<const sim::world> small_shop() {
  auto options = sim::preset_options("default");
  options.catalogue.items = 60;
  options.catalogue.departments = 2;
  options.catalogue.categories = 4;
  options.population.users = 60;
  options.temperament.sessions_per_day = 0.8;
  options.slate_size = 4;
  options.days = 3;
  return sim::make_world(options, {}, /*seed=*/4);
}

/// Shows random slates and says so with a propensity that is its version.
class signed_policy : public sim::policy {
public:
  explicit signed_policy(std::uint32_t version) : version_{version} {
    // nop
  }

  std::string name() const override {
    return "signed";
  }

  sim::policy_slates decide(const sim::slate_demand& demand) const override {
    auto answer = sim::make_random_policy()->decide(demand);
    for (auto& each : answer.propensities)
      each = static_cast<float>(version_);
    return answer;
  }

private:
  std::uint32_t version_;
};

/// Remembers what happened.
struct remembering_market : actors::market_observer {
  std::vector<core::session_record> records;

  void log(core::span<core::session_record> more) override {
    records.insert(records.end(), more.begin(), more.end());
  }

  void passed(core::time_ms) override {
    // nop
  }

  void learn(std::uint32_t, const core::user_rows&) override {
    // The cluster's business, not the market's.
  }
};

/// A market of three cohorts in a system that stands still.
class still_market {
public:
  explicit still_market(core::time_ms retrain_every,
                        core::time_ms tick = core::hour_ms) {
    const auto shop = small_shop();
    for (std::uint32_t i = 0; i < 3; ++i)
      cohorts.push_back(
        (*system).spawn(actors::user_cohort, actors::user_cohort_options{i, 20}, shop,
                        std::make_shared<signed_policy>(0), [](std::uint32_t version) {
                          return std::make_shared<const signed_policy>(version);
                        }));
    actors::market_options options;
    options.num_cohorts = 3;
    options.end = shop->end();
    options.tick = tick;
    options.retrain_every = retrain_every;
    place = (*system).spawn(actors::market, options, cohorts, &seen,
                            std::make_shared<sim::market_totals>());
  }

  ~still_market() {
    system.stop(place);
    for (const auto& cohort : cohorts)
      system.stop(cohort);
  }

  core::time_ms run() {
    return std::get<actors::market_rests>(
             system.ask<actors::market_rests>(place, actors::run_market{}))
      .time;
  }

  void change_to(std::uint32_t version) {
    for (const auto& cohort : cohorts)
      std::get<policy_in_use>(system.ask<policy_in_use>(cohort, use_policy{version}));
  }

  still_system system;
  remembering_market seen;
  std::vector<user_cohort_actor> cohorts;
  actors::market_actor place;
};

} // namespace

SCENARIO("a market rests where its policy is to learn", "[actors][market]") {
  GIVEN("a market of three days whose policy learns every day") {
    still_market market{core::day_ms};
    WHEN("it runs to its first rest") {
      REQUIRE(market.run() == core::day_ms);
      THEN("all that happened before was told, and nothing later") {
        REQUIRE_FALSE(market.seen.records.empty());
        CHECK(market.seen.records.back().time < core::day_ms);
        CHECK(market.seen.records.back().time > core::day_ms / 2);
      }
      THEN("its cohorts know what their users did") {
        std::set<core::user_id> clicked;
        for (const auto& record : market.seen.records)
          if (record.kind == core::event_kind::click)
            clicked.insert(record.user);
        std::size_t num_known = 0;
        for (const auto& cohort : market.cohorts) {
          const auto known = std::get<cohort_histories>(
            market.system.ask<cohort_histories>(cohort, get_histories{}));
          CHECK(known.lengths.values.size() == known.users.values.size());
          for (const auto user : known.users.values)
            num_known += clicked.count(user);
        }
        CHECK(num_known > 0);
        CHECK(num_known < clicked.size()); // some were not logged in
      }
    }
    WHEN("the cohorts take what was learnt at each rest") {
      for (std::uint32_t day = 1; day < 3; ++day) {
        REQUIRE(market.run() == day * core::day_ms);
        market.change_to(day);
      }
      REQUIRE(market.run() == 3 * core::day_ms);
      THEN("each day's slates are from that day's version") {
        std::map<std::int64_t, std::set<float>> versions;
        for (const auto& record : market.seen.records)
          if (record.kind == core::event_kind::impression)
            versions[record.time / core::day_ms].insert(record.propensity);
        CHECK(versions
              == std::map<std::int64_t, std::set<float>>{
                {0, {0.0F}}, {1, {1.0F}}, {2, {2.0F}}});
      }
    }
  }
}

TEST_CASE("resting changes nothing, however long ticks are", "[actors][market]") {
  still_market restless{/*retrain_every=*/0};
  REQUIRE(restless.run() == 3 * core::day_ms);
  for (const auto tick : {core::hour_ms, core::day_ms}) {
    still_market market{core::day_ms, tick};
    while (market.run() < 3 * core::day_ms)
      ; // nothing is learnt
    REQUIRE(market.seen.records.size() == restless.seen.records.size());
    for (std::size_t i = 0; i < market.seen.records.size(); ++i)
      REQUIRE(market.seen.records[i].item == restless.seen.records[i].item);
  }
}

TEST_CASE("a policy that learns too late never does", "[actors][market]") {
  for (const auto every : {2, 3, 4}) {
    still_market market{every * core::day_ms};
    CHECK(market.run() == (every == 2 ? 2 : 3) * core::day_ms);
  }
}
