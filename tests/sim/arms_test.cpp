#include "sim/arms.hpp"

#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::sim;

namespace {

simulation_options shared_out(const std::vector<std::string>& policies) {
  auto options = small_options();
  options.design = "ab";
  options.policies = plain_policies(policies);
  return options;
}

/// All that the users of an arm do, and what is counted.
market_run live(const std::shared_ptr<const world>& market,
                const policy& shop,
                std::optional<std::size_t> arm) {
  market_run run;
  cohort people{market, 0, market->options().population.users, arm};
  people.live(0, market->end(), shop);
  run.records = people.take_records();
  run.totals = people.totals();
  return run;
}

} // namespace

TEST_CASE("users are shared out in proportion, world by world", "[sim][arms]") {
  auto options = shared_out({"random", "popularity", "reference"});
  options.policies[1].share = 2;
  constexpr core::user_id num_users = 40000;
  std::vector<double> counts(3);
  core::user_id moved = 0;
  for (core::user_id user = 0; user < num_users; ++user) {
    ++counts[arm_of(options, 1, user)];
    moved += arm_of(options, 1, user) != arm_of(options, 2, user) ? 1 : 0;
  }
  // Four standard deviations.
  for (const auto& [arm, share] :
       {std::pair{0U, 0.25}, std::pair{1U, 0.5}, std::pair{2U, 0.25}})
    CHECK(std::abs(counts[arm] / num_users - share)
          < 4 * std::sqrt(share * (1 - share) / num_users));
  // Two draws differ with chance 1 - (1/16 + 1/4 + 1/16).
  CHECK(std::abs(static_cast<double>(moved) / num_users - 0.625) < 0.01);
}

TEST_CASE("a policy has an arm where users are shared out", "[sim][arms]") {
  auto options = shared_out({"random", "popularity"});
  CHECK(arm_of_policy(options, "popularity") == std::size_t{1});
  options.design = "paired";
  CHECK_FALSE(arm_of_policy(options, "popularity"));
}

TEST_CASE("arms together are the whole world, each as if it were alone",
          "[sim][arms]") {
  const auto options = shared_out({"random", "popularity"});
  const auto market = small_world(options);
  const auto shop = make_random_policy();
  const auto whole = live(market, *shop, std::nullopt);
  std::vector<core::session_record> both;
  market_totals sums;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const auto part = live(market, *shop, arm);
    CHECK_FALSE(part.records.empty());
    for (const auto& record : part.records)
      CHECK(arm_of(options, market->seed(), record.user) == arm);
    both.insert(both.end(), part.records.begin(), part.records.end());
    sums.merge(part.totals);
  }
  std::sort(both.begin(), both.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time, a.user, a.step) < std::tie(b.time, b.user, b.step);
  });
  CHECK(same_records(both, whole.records));
  CHECK(sums.packed() == whole.totals.packed());
  CHECK(sums.groups.at("all")[tally::users] == options.population.users);
}
