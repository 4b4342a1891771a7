#pragma once

#include "core/recommender.hpp"
#include "core/session_record.hpp"
#include "sim/slate_demand.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::sim {

/// A policy's answer to a demand: a slate per row, and how likely each item was.
struct policy_slates {
  core::slates slates; ///< `no_item` from where candidates ran out
  /// Of each item given the ones above it: [rows, slate_size], or empty for
  /// `propensity_kind::none`.
  std::vector<float> propensities;
  core::propensity_kind propensity_is = core::propensity_kind::none;
};

/// Returns an answer of empty slates with propensities of 1, which are exact.
policy_slates empty_slates(const slate_demand& demand);

/// Decides what shoppers are shown.
///
/// Const calls are safe from several threads. A row's slate is a pure function of that
/// row. A slate has no item twice and none that the demand forbids (`may_show`); in a
/// search it is chosen from what the shop's search finds, in the policy's own order.
class policy {
public:
  virtual ~policy() = default;

  /// The name in results and reports ("popularity").
  virtual std::string name() const = 0;

  virtual policy_slates decide(const slate_demand& demand) const = 0;

  /// Whether every slate is the one that `make_random_policy` shows, so that whoever
  /// can draw its slates faster may do so without asking.
  virtual bool is_uniform() const {
    return false;
  }
};

/// Shows any candidates in random order; propensities are exact, 1 / (n - position).
std::unique_ptr<policy> make_random_policy();

/// Shows what the catalogue says is most popular (ties: the lower number), whether or
/// not the shop could know: for warm-up worlds and tests.
std::unique_ptr<policy> make_popularity_policy(std::shared_ptr<const world> market);

/// Knows every shopper's utilities and ranks by them. With the examination of
/// `attention` and the choice of `choice`, no other slate of the same candidates has a
/// higher expected value at that moment.
std::unique_ptr<policy> make_reference_policy();

/// Asks a recommender that knows all items of the market: deterministic, with exact
/// propensities of 1.
std::unique_ptr<policy>
make_recommender_policy(std::shared_ptr<const core::recommender> model);

} // namespace souk::sim
