#pragma once

#include "sim/interest_evolution/audience.hpp"
#include "sim/item_lists.hpp"
#include "sim/population.hpp"
#include "sim/step_demand.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace souk::sim::interest_evolution {

/// An audience of the interest evolution model in a market: shows them what a policy
/// decides and keeps the records. A step of the model is a second of simulated time,
/// and a user's whole life one session.
///
/// A policy chooses among the candidates of the step (`slate_demand::offered`) and
/// knows which videos a user has watched. Where the policy is uniform it is not asked,
/// but its draws are made for everybody at once: with the same bits.
class users final : public population {
public:
  users(std::shared_ptr<const world> market, core::user_id first, std::uint32_t count);

  void live(core::time_ms start, core::time_ms end, const policy& shop) override;
  std::vector<core::session_record> take_records() override;
  core::time_ms next_wake() const override;
  market_totals totals() const override;
  std::size_t memory_bytes() const override;

private:
  void decide_uniformly();
  void ask(const policy& shop);
  void keep_records();
  void remember();

  core::item_id* slate(std::size_t place) {
    return slates_.data() + place * slate_size_;
  }

  std::shared_ptr<const world> market_;
  core::user_id first_;
  std::size_t slate_size_;
  audience audience_;
  tallies sums_;
  std::vector<core::session_record> records_;
  std::vector<core::item_id> slates_; ///< [users, slate_size]
  std::vector<float> propensities_;   ///< of one slate for all, or of each
  bool same_propensities_ = false;
  core::propensity_kind propensity_is_ = core::propensity_kind::none;
  step_demand demand_;
  /// Watched so far, by user; kept only for policies that look.
  std::optional<item_lists> watched_;
  std::vector<core::item_id> history_;
};

} // namespace souk::sim::interest_evolution
