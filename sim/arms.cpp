#include "sim/arms.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace souk::sim {

std::size_t
arm_of(const simulation_options& options, std::uint64_t seed, core::user_id user) {
  auto all = 0.0;
  for (const auto& policy : options.policies)
    all += policy.share;
  // A step of its own: profiles and what is known of them are drawn under 0 and 1.
  auto left = all * core::uniform({seed, core::stream::attributes, user, 2}, 0);
  std::size_t arm = 0;
  while (arm + 1 < options.policies.size() && left >= options.policies[arm].share)
    left -= options.policies[arm++].share;
  return arm;
}

std::optional<std::size_t> arm_of_policy(const simulation_options& options,
                                         const std::string& policy) {
  if (options.design != "ab")
    return std::nullopt;
  const auto& all = options.policies;
  const auto found = std::find_if(
    all.begin(), all.end(), [&](const auto& each) { return each.name == policy; });
  core::expects(found != all.end(), "a policy is one of the simulation's");
  return static_cast<std::size_t>(found - all.begin());
}

} // namespace souk::sim
