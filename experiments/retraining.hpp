#pragma once

#include "core/interactions.hpp"
#include "core/result_row.hpp"
#include "experiments/run_state.hpp"
#include "sim/policy_options.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::experiments {

/// Models that learn while shoppers meet them: each time anew, from initial weights, on
/// the training users' rows and after them those of the policy's own shoppers in its
/// own world. Whoever is trained by the cluster's actors is so here too.
///
/// What was learnt, and from what, lies in the run's `retraining/`, so that all
/// processes find it and a market that begins again does not learn it twice.
class retraining {
public:
  explicit retraining(run_state& run) : run_{run} {
    // nop
  }

  /// Trains the model of `policy` for the `version`-th time in a world, or finds that
  /// this was done on the same rows before. Throws `core::error`, or `interrupted`.
  void learn(const sim::policy_options& policy,
             std::uint32_t world,
             std::uint32_t version,
             const core::user_rows& histories);

  /// Returns how often the model of `policy` was trained in a world.
  std::uint32_t times(const sim::policy_options& policy, std::uint32_t world) const;

  /// Takes note of trainings of a market that was over before this run went on.
  void
  note(const sim::policy_options& policy, std::uint32_t world, std::uint32_t times);

  /// Removes the models of a market that is over. The rows stay.
  void forget_models(const sim::policy_options& policy, std::uint32_t world) const;

  /// Returns how often each policy learnt in a world, and how long that took.
  std::vector<core::result_row> rows() const;

  /// Returns the files that stay, inside the run.
  std::vector<std::string> files() const;

private:
  struct account {
    std::map<std::uint32_t, std::uint32_t> versions; ///< the last, by world
    double seconds = 0;
  };

  core::snapshot train(const sim::policy_options& policy,
                       std::uint32_t world,
                       std::uint32_t version,
                       const core::user_rows& histories);

  run_state& run_;
  std::map<std::string, account> accounts_; ///< by policy
};

} // namespace souk::experiments
