#include "experiments/calibration/calibration.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/calibration/block_text.hpp"
#include "experiments/calibration/log_items.hpp"
#include "experiments/calibration/parameters.hpp"
#include "experiments/run_state.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace souk;
using namespace souk::experiments;

namespace {

const std::atomic<bool> go_on{false};

eval::realism::kind_counts invoices() {
  eval::realism::kind_counts kinds{};
  kinds[static_cast<std::size_t>(core::event_kind::purchase)] = 1;
  kinds[static_cast<std::size_t>(core::event_kind::product_return)] = 1;
  return kinds;
}

/// A small shop that is closed at night and on Sundays, whose customers have lists.
sim::simulation_options wholesale() {
  auto options = sim::preset_options("default");
  options.catalogue.items = 200;
  options.population.users = 300;
  options.days = 60;
  options.exclude_bought = false;
  options.shopping_list.items = 9;
  options.shopping_list.again = 0.5;
  options.temperament.sessions_per_day = 0.06;
  options.calendar.hours.assign(24, 0);
  std::fill(options.calendar.hours.begin() + 8, options.calendar.hours.begin() + 18, 1);
  options.calendar.weekdays = {1, 1, 1, 1, 1, 1, 0};
  options.calendar.start_weekday = 1;
  return options;
}

calibration calibrated(const eval::realism::behaviour& log, std::uint32_t evaluations) {
  core::silent_progress silence;
  return calibrate(log, sim::preset_options("default"), {3, evaluations, 1}, silence,
                   go_on);
}

double distance(const calibration& fitted, const std::string& name) {
  for (const auto& each : fitted.statistics)
    if (each.name == name)
      return each.distance;
  FAIL(name + " is not among the statistics");
  return 1;
}

} // namespace

TEST_CASE("coordinates of a search lead back to the options",
          "[experiments][calibration]") {
  for (const auto clicks : {false, true})
    for (const auto& group : groups_for(clicks, "generated")) {
      auto options = wholesale();
      move_to(group.parameters, coordinates_of(group.parameters, wholesale()), options);
      auto original = wholesale();
      for (const auto& each : group.parameters) {
        INFO(each.key);
        CHECK(each.of(options) == Approx(each.of(original)).margin(1e-5));
      }
      // However far a search goes, the simulator takes it.
      for (const auto far : {-1e6, 1e6}) {
        move_to(group.parameters, std::vector<double>(group.parameters.size(), far),
                options);
        CHECK_NOTHROW(sim::validate(options));
      }
    }
}

SCENARIO("a simulated log gives back the shop that it is of",
         "[experiments][calibration]") {
  GIVEN("invoices of a small shop") {
    // Once for all sections: a calibration is seconds of worlds.
    static const auto log = simulate_behaviour(wholesale(), 8, invoices());
    WHEN("the simulator is calibrated to them") {
      static const auto fitted = calibrated(log, 16);
      THEN("the calendar is the shop's") {
        const auto& calendar = fitted.options.calendar;
        CHECK(calendar.start_weekday == 1);
        CHECK(calendar.weekdays[6] == Approx(0).margin(0.05));
        CHECK(calendar.hours[3] == 0);
        CHECK(calendar.hours[12] == Approx(2.4).margin(0.6));
        CHECK(fitted.options.days == 60);
      }
      THEN("so are its lists, and worlds look like the log") {
        CHECK(fitted.options.shopping_list.items == Approx(9).margin(2.5));
        CHECK_FALSE(fitted.options.exclude_bought);
        for (const auto* name :
             {"basket_size", "user_sessions", "hours", "popularity_curve"})
          CHECK(distance(fitted, name) < 0.12);
        const auto moments = calibrated(log, 0);
        CHECK(distance(fitted, "repeats") < distance(moments, "repeats"));
        CHECK(distance(fitted, "user_sessions") < distance(moments, "user_sessions"));
      }
      THEN("it says which statistic told what, and what was not told") {
        CHECK(fitted.notes.at("shopping_list.items") == "basket_size, user_activity");
        CHECK(fitted.notes.at("calendar.hours") == "hours at which sessions start");
        CHECK(fitted.notes.count("funnel.cart_bias") == 0);
        const auto said = [&](const std::string& name) {
          return std::any_of(fitted.missing.begin(), fitted.missing.end(),
                             [&](const auto& text) { return text.find(name) == 0; });
        };
        CHECK(said("click_to_cart"));
        CHECK_FALSE(said("basket_size"));
      }
    }
    THEN("what moments alone say is in the block too") {
      const auto fitted = calibrated(log, 0);
      CHECK(fitted.notes.count("temperament.sessions_per_day") == 1);
      CHECK(fitted.notes.count("shopping_list.items") == 1);
      CHECK(block_text(fitted, "", "a test").find("# median of basket_size")
            != std::string::npos);
    }
    THEN("the same log and seed give the same block, which reads back") {
      const auto fitted = calibrated(log, 4);
      const auto text = block_text(fitted, "", "a test");
      CHECK(text == block_text(calibrated(log, 4), "", "a test"));
      CHECK(text.find("items: ") != std::string::npos);
      CHECK(text.find("# basket_size, user_activity\n") != std::string::npos);
      CHECK(text.find("cart_bias: -3.95  # not identified: default\n")
            != std::string::npos);
      const auto path =
        (std::filesystem::temp_directory_path() / "souk_calibrated_test.yaml").string();
      std::ofstream{path} << text;
      auto read = read_simulation_block(path);
      std::filesystem::remove(path);
      auto expected = fitted.options;
      for (const auto& group : groups_for(false, "generated"))
        for (const auto& each : group.parameters) {
          INFO(each.key);
          CHECK(each.of(read) == each.of(expected));
        }
      CHECK(read.calendar.hours == expected.calendar.hours);
      CHECK(read.population.users == expected.population.users);
      REQUIRE(read.policies.size() == 2);
      CHECK(read.policies[1].kind == "reference");
    }
  }
}

SCENARIO("worlds can be over the log's own items", "[experiments][calibration]") {
  GIVEN("a shop whose customers buy from one half or the other") {
    eval::realism::behaviour log;
    log.has_times = true;
    for (core::user_id user = 0; user < 120; ++user)
      for (std::uint32_t visit = 0; visit < 3; ++visit)
        for (std::uint32_t i = 0; i < 6; ++i) {
          const core::draw_site site{5, core::stream::synthetic_data, user, visit};
          const auto item =
            2 * static_cast<core::item_id>(core::below(site, i, 40)) + user % 2;
          log.events.push_back(
            {user, 7 * item, (user % 5 + 9 * visit) * core::day_ms + 12 * core::hour_ms,
             1.0F, 5.0F, core::event_kind::purchase});
        }
    auto start = sim::preset_options("default");
    start.catalogue.from = "dataset";
    start.catalogue.launch_share = 0;
    start.tastes.dimensions = 2;
    start.population.newcomer_share = 0;

    THEN("which items go together is the log's") {
      core::silent_progress silence;
      const auto fitted = calibrate(log, start, {3, 8, 1}, silence, go_on);
      CHECK(fitted.options.catalogue.from == "dataset");
      CHECK(fitted.notes.at("tastes.smoothing") == "co_occurrence");
      log_items items{log};
      const auto made =
        simulate_behaviour(fitted.options, 9, invoices(), items.source(fitted.options));
      auto together = 0.0;
      auto apart = 0.0;
      for (std::size_t i = 1; i < made.events.size(); ++i) {
        const auto& a = made.events[i - 1];
        const auto& b = made.events[i];
        if (a.user != b.user || a.time != b.time)
          continue;
        const auto half = [&](core::item_id item) {
          return items.item_in_log(item) / 7 % 2;
        };
        (half(a.item) == half(b.item) ? together : apart) += 1;
      }
      CHECK(together > 1.5 * apart); // as often, where items are drawn
    }
    THEN("nothing is said of items that would be drawn") {
      for (const auto& group : groups_for(false, "dataset"))
        for (const auto& each : group.parameters)
          CHECK_FALSE(is_of_generated_items(each.key));
    }
  }
}

TEST_CASE("a log with clicks is fitted by slates, not by lists",
          "[experiments][calibration]") {
  auto shop = sim::preset_options("default");
  shop.catalogue.items = 200;
  shop.population.users = 200;
  auto kinds = invoices();
  kinds[static_cast<std::size_t>(core::event_kind::click)] = 1;
  kinds[static_cast<std::size_t>(core::event_kind::cart)] = 1;
  const auto fitted = calibrated(simulate_behaviour(shop, 8, kinds), 4);
  CHECK(fitted.options.shopping_list.items == 0);
  CHECK(fitted.notes.count("shopping_list.items") == 0);
  CHECK(fitted.notes.at("temperament.patience") == "session_length, user_activity");
  CHECK(fitted.notes.at("funnel.cart_bias") == "click_to_cart, click_to_purchase");
}

TEST_CASE("too few users, and an interruption, end a calibration",
          "[experiments][calibration]") {
  auto shop = wholesale();
  shop.population.users = 20;
  CHECK_THROWS_AS(calibrated(simulate_behaviour(shop, 8, invoices()), 4), core::error);
  const auto log = simulate_behaviour(wholesale(), 8, invoices());
  core::silent_progress silence;
  const std::atomic<bool> stop{true};
  CHECK_THROWS_AS(calibrate(log, wholesale(), {}, silence, stop), interrupted);
}
