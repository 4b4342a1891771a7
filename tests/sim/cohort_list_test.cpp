#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <utility>

using namespace souk;
using namespace souk::sim;

namespace {

/// A world in which people come with lists and look at nothing else.
simulation_options listing_options() {
  auto options = small_options("stationary");
  options.shopping_list.items = 6;
  options.exclude_bought = false;
  options.temperament.patience = 0.01;
  options.intent.search_share = 0;
  options.intent.buy_again = 0;
  return options;
}

} // namespace

SCENARIO("people who come with a list leave with it", "[sim][shopping_list]") {
  GIVEN("a market of people with lists of six") {
    const auto market = small_world(listing_options());
    WHEN("it has run") {
      const auto run = run_market(market, *make_random_policy(), 100);
      THEN("each list is paid for at once, after everything was put into the cart") {
        std::map<std::pair<core::user_id, std::uint32_t>, std::set<core::time_ms>> paid;
        std::map<std::pair<core::user_id, std::uint32_t>, core::time_ms> carted;
        std::size_t purchases = 0;
        for (const auto& record : run.records) {
          const std::pair key{record.user, record.session};
          if (record.kind == core::event_kind::cart)
            carted[key] = record.time;
          if (record.kind == core::event_kind::purchase) {
            paid[key].insert(record.time);
            ++purchases;
            CHECK(record.time > carted[key]);
          }
        }
        std::size_t at_once = 0;
        for (const auto& [session, times] : paid)
          at_once += times.size() == 1 ? 1 : 0;
        // Rarely something on a slate is bought besides.
        CHECK(at_once > paid.size() * 95 / 100);
        CHECK(purchases > 5 * paid.size());
      }
      THEN("records ascend by step within a user") {
        std::map<core::user_id, std::uint32_t> next;
        auto ordered = true;
        for (const auto& record : run.records)
          ordered = ordered && record.step == next[record.user]++;
        CHECK(ordered);
      }
      THEN("cohorts can be cut anywhere") {
        CHECK(same_records(run.records,
                           run_market(market, *make_random_policy(), 7).records));
      }
    }
  }
}
