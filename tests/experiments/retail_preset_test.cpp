#include "experiments/config/document.hpp"
#include "experiments/experiment.hpp"
#include "sim/policy.hpp"
#include "sim/warm_up.hpp"
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>

using namespace souk;
using namespace souk::experiments;

namespace {

struct shop_log {
  std::vector<double> session_events; ///< ascending, of sessions with two or more
  double views = 0;
  double carts = 0;
  double purchases = 0;

  double quantile(double share) const {
    return session_events[static_cast<std::size_t>(
      share * static_cast<double>(session_events.size() - 1))];
  }
};

/// What happens in the preset's shop under a policy that shows what is popular.
shop_log retail_log() {
  auto file = document::load("configs/experiment/retail.yaml");
  const auto read = read_experiment(file);
  const auto market = sim::make_world(*read.simulation, {}, /*seed=*/11);
  const auto shop = sim::make_popularity_policy(market);
  shop_log found;
  std::map<std::pair<core::user_id, std::uint32_t>, double> sessions;
  for (const auto& record : sim::run_market(market, *shop, 2000).records) {
    switch (record.kind) {
    case core::event_kind::click:
      found.views += 1;
      break;
    case core::event_kind::cart:
      found.carts += 1;
      break;
    case core::event_kind::purchase:
      found.purchases += 1;
      break;
    default:
      continue;
    }
    sessions[{record.user, record.session}] += 1;
  }
  for (const auto& [session, events] : sessions)
    if (events >= 2)
      found.session_events.push_back(events);
  std::sort(found.session_events.begin(), found.session_events.end());
  return found;
}

} // namespace

TEST_CASE("the retail preset has sessions as long as OTTO's and RetailRocket's funnel",
          "[experiments][retail]") {
  const auto log = retail_log();
  const auto within = [](double value, double target) {
    CHECK(value == Approx(target).epsilon(0.05));
  };
  REQUIRE(log.session_events.size() > 10000);
  const auto events =
    std::accumulate(log.session_events.begin(), log.session_events.end(), 0.0);
  within(events / static_cast<double>(log.session_events.size()), 16.8);
  within(log.quantile(0.50), 6);
  within(log.quantile(0.75), 15);
  within(log.quantile(0.90), 39);
  within(log.quantile(0.95), 68);
  within(log.carts / log.views, 0.0260);
  within(log.purchases / log.carts, 0.324);
  within(log.purchases / log.views, 0.0084);
}
