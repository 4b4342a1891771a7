#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::sim {

/// One of `simulation.policies`: what serves an arm's shoppers. Members bear the names
/// of their keys.
struct policy_options {
  std::string name; ///< in results, logs and reports; no two alike
  /// random | popularity | reference | bm25 | epsilon_greedy | plackett_luce | thompson
  /// | bm25_profile, or the name of a model of the file.
  std::string kind;
  std::string of;           ///< whose recommendations the last four start from
  double epsilon = 0.1;     ///< epsilon_greedy: share of places that are chance
  double temperature = 1;   ///< plackett_luce: of the softmax over scores
  std::uint32_t draws = 16; ///< thompson: for the estimates of propensities
  double weight = 0.5;      ///< bm25_profile: of the model's order against the text's

  /// Simulated time after which its model is trained anew, again and again, on the
  /// training rows and what the policy's own shoppers did so far; 0: never.
  core::time_ms retrain_every = 0;
  std::optional<std::uint32_t> retrain_epochs; ///< nothing: as many as in training

  /// Of the users that it serves, where they are shared out (`design: ab`), relative to
  /// the other policies' shares.
  double share = 1;
};

/// Whether it is made of another policy or a model (`of`).
bool starts_from_another(const policy_options& policy);

/// The name of what it recommends with: a model of the file, or a policy without one.
const std::string& recommends_with(const policy_options& policy);

/// Whether it needs a model's scores, not only a policy's slates.
bool needs_model(const policy_options& policy);

/// Returns policies that have no options but a kind, each named after it.
std::vector<policy_options> plain_policies(const std::vector<std::string>& kinds);

} // namespace souk::sim
