#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace souk;
using namespace souk::sim;

namespace {

double variance(const std::vector<double>& values) {
  auto mean = 0.0;
  for (const auto value : values)
    mean += value / static_cast<double>(values.size());
  auto sum = 0.0;
  for (const auto value : values)
    sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

/// Shows what another policy shows, with the first two places the other way round.
class swapped_first_two : public policy {
public:
  explicit swapped_first_two(std::shared_ptr<const policy> other)
    : other_{std::move(other)} {
    // nop
  }

  std::string name() const override {
    return other_->name() + "_swapped";
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = other_->decide(demand);
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      auto* slate = answer.slates.items.data() + row * demand.slate_size;
      if (slate[1] != core::no_item)
        std::swap(slate[0], slate[1]);
    }
    return answer;
  }

private:
  std::shared_ptr<const policy> other_;
};

} // namespace

TEST_CASE("two policies meet the same users with the same draws",
          "[sim][paired_worlds]") {
  const auto market = small_world(small_options());
  const auto firsts = [&](const policy& shop) {
    std::map<core::user_id, core::time_ms> first;
    for (const auto& record : run_market(market, shop, 100).records)
      first.emplace(record.user, record.time);
    return first;
  };
  CHECK(firsts(*make_random_policy()) == firsts(*make_reference_policy()));
}

TEST_CASE("common random numbers make the difference of two policies more certain",
          "[sim][paired_worlds]") {
  auto options = small_options("stationary");
  options.days = 4;
  const auto clicks = [&](const policy& shop, std::uint64_t seed) {
    const auto totals = run_market(small_world(options, seed), shop, 100).totals;
    return static_cast<double>(totals.groups.at("all")[tally::clicks]);
  };
  std::vector<double> paired;
  std::vector<double> unpaired;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const auto random = clicks(*make_random_policy(), seed);
    paired.push_back(clicks(*make_reference_policy(), seed) - random);
    unpaired.push_back(clicks(*make_reference_policy(), seed + 100) - random);
  }
  CHECK(variance(paired) < 0.7 * variance(unpaired));
}

TEST_CASE("paired worlds tell apart two policies that differ by one swapped position",
          "[sim][paired_worlds]") {
  auto options = small_options("stationary");
  options.days = 4;
  std::vector<double> straight;
  std::vector<double> differences;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const auto market = small_world(options, seed);
    const std::shared_ptr<const policy> shop = make_popularity_policy(market);
    const auto click_rate = [&](const policy& served) {
      const auto all = run_market(market, served, 100).totals.groups.at("all");
      return static_cast<double>(all[tally::clicks])
             / static_cast<double>(all[tally::impressions]);
    };
    straight.push_back(click_rate(*shop));
    differences.push_back(click_rate(swapped_first_two{shop}) - straight.back());
  }
  // Worlds of their own would give the difference twice the variance of one policy.
  CHECK(2 * variance(straight) >= 5 * variance(differences));
}
