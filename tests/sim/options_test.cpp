#include "sim/options.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <limits>

using namespace souk;
using namespace souk::sim;

TEST_CASE("the defaults and all presets are valid", "[sim][options]") {
  simulation_options defaults;
  CHECK_NOTHROW(validate(defaults));
  CHECK_NOTHROW(validate(preset_options("default")));
  CHECK_NOTHROW(validate(preset_options("stationary")));
}

TEST_CASE("an unknown preset is refused with those that are known", "[sim][options]") {
  CHECK_THROWS_WITH(preset_options("stationery"),
                    Catch::Contains("simulation.preset")
                      && Catch::Contains("default, stationary"));
}

TEST_CASE("the stationary preset leaves nothing that changes what a shopper wants",
          "[sim][options]") {
  const auto options = preset_options("stationary");
  CHECK(options.drift.click_rate == 0);
  CHECK(options.drift.purchase_rate == 0);
  CHECK(options.boredom.weight == 0);
  CHECK(options.churn.chance == 0);
  CHECK(options.satisfaction.arrival_gain == 0);
}

TEST_CASE("a slate's places can be filled from the start", "[sim][options]") {
  auto options = preset_options("default");
  options.catalogue.items = 100;
  options.catalogue.launch_share = 0.9;
  options.slate_size = 10;
  CHECK_NOTHROW(validate(options));
  options.catalogue.launch_share = 0.91;
  CHECK_THROWS_WITH(
    validate(options),
    Catch::Contains("simulation.catalogue.launch_share: leaves 9 of 100"));
  options.days = 1; // nothing is launched within a day
  CHECK_NOTHROW(validate(options));
  options.slate_size = 101;
  CHECK_THROWS_WITH(validate(options), Catch::Contains("simulation.slate_size"));
  options.catalogue.from = "dataset"; // whose size is known later
  CHECK_NOTHROW(validate(options));
  CHECK_THROWS(check_items_at_start(options, 100));
}

TEST_CASE("whoever is in a published model can leave it", "[sim][options]") {
  auto options = preset_options("reco_gym");
  options.reco_gym.leave_organic = 0;
  CHECK_NOTHROW(validate(options)); // by way of the recommendations
  options.reco_gym.leave_bandit = 0;
  CHECK_THROWS_WITH(validate(options),
                    Catch::Contains("simulation.reco_gym.leave_organic"));
  options.reco_gym.leave_organic = 0.01;
  options.reco_gym.bandit_to_organic = 0;
  CHECK_THROWS_WITH(validate(options),
                    Catch::Contains("simulation.reco_gym.leave_bandit"));
}

TEST_CASE("impossible values are refused by the name of their key", "[sim][options]") {
  struct impossible {
    const char* key;
    std::function<void(simulation_options&)> set;
  };

  const impossible cases[] = {
    {"simulation.days",
     [](auto& o) {
       o.days = 0;
     }},
    {"simulation.tick",
     [](auto& o) {
       o.tick = 7001;
     }},
    {"simulation.tick",
     [](auto& o) {
       o.tick = 0;
     }},
    {"simulation.slate_size",
     [](auto& o) {
       o.slate_size = 0;
     }},
    {"simulation.worlds",
     [](auto& o) {
       o.worlds = 0;
     }},
    {"simulation.policies",
     [](auto& o) {
       o.policies.clear();
     }},
    {"simulation.campaigns[0].start_day",
     [](auto& o) {
       o.campaigns.emplace_back().start_day = o.days;
     }},
    {"simulation.campaigns[0].discount",
     [](auto& o) {
       o.campaigns.emplace_back().discount = 1;
     }},
    {"simulation.calendar.months",
     [](auto& o) {
       o.calendar.months.pop_back();
     }},
    {"simulation.choice.kind",
     [](auto& o) {
       o.choice.kind = "fickle";
     }},
    {"simulation.churn.comeback",
     [](auto& o) {
       o.churn.comeback = 2;
     }},
    {"simulation.population.from",
     [](auto& o) {
       o.population.from.clear();
     }},
    {"simulation.population.from",
     [](auto& o) {
       o.population.from.front().kind = "storks";
     }},
    {"simulation.population.from",
     [](auto& o) {
       o.population.from.resize(2);
     }},
    {"simulation.population.history",
     [](auto& o) {
       o.population.history = "invented";
     }},
    {"simulation.worlds",
     [](auto& o) {
       o.worlds = 40000;
       o.population.from.resize(2);
       o.population.from[1].name = "others";
     }},
    {"simulation.population.login_chance",
     [](auto& o) {
       o.population.login_chance = -1;
     }},
    {"simulation.preset",
     [](auto& o) {
       o.preset = "wild";
     }},
    {"simulation.catalogue.from",
     [](auto& o) {
       o.catalogue.from = "thin air";
     }},
    {"simulation.catalogue.items",
     [](auto& o) {
       o.catalogue.items = 0;
     }},
    {"simulation.catalogue.categories",
     [](auto& o) {
       o.catalogue.categories = 3;
     }},
    {"simulation.catalogue.launch_share",
     [](auto& o) {
       o.catalogue.launch_share = 1.1;
     }},
    {"simulation.catalogue.price_median",
     [](auto& o) {
       o.catalogue.price_median = 0;
     }},
    {"simulation.population.users",
     [](auto& o) {
       o.population.users = 0;
     }},
    {"simulation.population.cohort",
     [](auto& o) {
       o.population.cohort = 0;
     }},
    {"simulation.population.newcomer_share",
     [](auto& o) {
       o.population.newcomer_share = -0.1;
     }},
    {"simulation.population.anonymous_share",
     [](auto& o) {
       o.population.anonymous_share = std::numeric_limits<double>::quiet_NaN();
     }},
    {"simulation.tastes.dimensions",
     [](auto& o) {
       o.tastes.dimensions = 17;
     }},
    {"simulation.tastes.smoothing",
     [](auto& o) {
       o.tastes.smoothing = 2;
     }},
    {"simulation.temperament.sessions_per_day",
     [](auto& o) {
       o.temperament.sessions_per_day = 0;
     }},
    {"simulation.calendar.hours",
     [](auto& o) {
       o.calendar.hours.pop_back();
     }},
    {"simulation.calendar.weekdays",
     [](auto& o) {
       o.calendar.weekdays[2] = -1;
     }},
    {"simulation.calendar.start_weekday",
     [](auto& o) {
       o.calendar.start_weekday = 7;
     }},
    {"simulation.calendar.hours",
     [](auto& o) {
       o.calendar.hours.assign(24, 0);
     }},
    {"simulation.shopping_list.items",
     [](auto& o) {
       o.shopping_list.items = -1;
     }},
    {"simulation.shopping_list.shape",
     [](auto& o) {
       o.shopping_list.shape = 0;
     }},
    {"simulation.shopping_list.again",
     [](auto& o) {
       o.shopping_list.again = 1.1;
     }},
    {"simulation.shopping_list.considered",
     [](auto& o) {
       o.shopping_list.considered = 0;
     }},
    {"simulation.catalogue.popularity_shift",
     [](auto& o) {
       o.catalogue.popularity_shift = -2;
     }},
    {"simulation.intent.search_share",
     [](auto& o) {
       o.intent.search_share = 1.5;
     }},
    {"simulation.search.results",
     [](auto& o) {
       o.search.results = 0;
     }},
    {"simulation.attention.kind",
     [](auto& o) {
       o.attention.kind = "cascades";
     }},
    {"simulation.attention.continue_probability",
     [](auto& o) {
       o.attention.continue_probability = 1.01;
     }},
    {"simulation.choice.outside",
     [](auto& o) {
       o.choice.outside = std::numeric_limits<double>::infinity();
     }},
    {"simulation.funnel.rating_chance",
     [](auto& o) {
       o.funnel.rating_chance = 3;
     }},
    {"simulation.funnel.delay_exponent",
     [](auto& o) {
       o.funnel.delay_exponent = 1;
     }},
    {"simulation.patience.need_met",
     [](auto& o) {
       o.patience.need_met = -1;
     }},
    {"simulation.satisfaction.rate",
     [](auto& o) {
       o.satisfaction.rate = 2;
     }},
    {"simulation.drift.click_rate",
     [](auto& o) {
       o.drift.click_rate = 2;
     }},
    {"simulation.boredom.half_life_days",
     [](auto& o) {
       o.boredom.half_life_days = 0;
     }},
    {"simulation.churn.chance",
     [](auto& o) {
       o.churn.chance = 7;
     }},
    {"simulation.regret_share",
     [](auto& o) {
       o.regret_share = 7;
     }},
  };
  for (const auto& wrong : cases) {
    INFO(wrong.key);
    simulation_options options;
    wrong.set(options);
    CHECK_THROWS_WITH(validate(options), Catch::StartsWith(wrong.key));
    try {
      validate(options);
    } catch (const core::error& error) {
      CHECK(error.whom() == core::blame::request);
    }
  }
}
