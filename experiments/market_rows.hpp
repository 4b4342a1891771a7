#pragma once

#include "core/result_row.hpp"
#include "data/user_values_file.hpp"
#include "eval/item_counts.hpp"
#include "eval/rows.hpp"
#include "experiments/experiment.hpp"
#include "sim/market_totals.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::experiments {

/// One number of what a market came to.
struct market_value {
  std::string metric;
  std::string group;
  double value = 0;
  bool is_total = false; ///< grows with the number of users
};

/// Returns all that is said of a market.
std::vector<market_value> values_of(const sim::market_totals& totals,
                                    const eval::item_counts& counts);

/// Collects what all markets of a simulation came to, and makes rows of it.
class market_rows {
public:
  explicit market_rows(const experiment& options);

  /// Adds what a policy came to in a world.
  void add(const std::string& policy,
           std::uint32_t world,
           const std::vector<market_value>& values);

  /// Returns the rows of the first generator's worlds. Where each policy serves its own
  /// users, totals say how many these were before anything else, and are not compared.
  std::vector<core::result_row> ordinary() const;

  /// Returns the rows that set generators against policies; none for one generator.
  /// `kinds` are the generators' own kinds of models, by name.
  std::vector<core::result_row>
  cross_play(const std::map<std::string, std::string>& kinds) const;

  /// Returns how far purchases order the models that are policies as each metric of the
  /// offline evaluation does: rows of model `all` and metric
  /// `kendall_tau(purchases_per_user, <metric>)`.
  std::vector<core::result_row>
  agreement(const std::vector<data::user_values>& offline) const;

private:
  struct policy_value {
    eval::world_value value;
    bool is_total = false;
  };

  /// Adds what does not happen in a world where it does in another one of a policy's:
  /// it is nothing there, not unknown, so that counts of parts add up.
  static void add_zeros(std::vector<policy_value>& values);

  void add_agreement(const std::vector<data::user_values>& offline,
                     const std::string& metric,
                     std::size_t generator,
                     const std::string& group,
                     std::vector<core::result_row>& rows) const;

  /// Name of the policy that is a model as it was trained, and nothing else; or empty.
  std::string policy_that_is(const std::string& model) const;

  /// Names of policies that recommend with a model of that kind.
  std::vector<std::string> policies_of_kind(const std::string& kind) const;

  const experiment& options_;
  std::vector<std::vector<policy_value>> by_generator_; ///< worlds are replicates
};

} // namespace souk::experiments
