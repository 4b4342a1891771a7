#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace souk::sim {

/// One of `simulation.policies`: what serves an arm's shoppers. Members bear the names
/// of their keys.
struct policy_options {
  std::string name; ///< in results, logs and reports; no two alike
  /// random | popularity | reference | epsilon_greedy | plackett_luce | thompson, or
  /// the name of a model of the file.
  std::string kind;
  std::string of;           ///< whose recommendations an explorer starts from
  double epsilon = 0.1;     ///< epsilon_greedy: share of places that are chance
  double temperature = 1;   ///< plackett_luce: of the softmax over scores
  std::uint32_t draws = 16; ///< thompson: for the estimates of propensities
};

/// Whether it shows what another one would not, to learn from it.
bool is_explorer(const policy_options& policy);

/// Whether it draws from a model's scores, not only from a policy's slates.
bool needs_model(const policy_options& policy);

/// Returns policies that have no options but a kind, each named after it.
std::vector<policy_options> plain_policies(const std::vector<std::string>& kinds);

} // namespace souk::sim
