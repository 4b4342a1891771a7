#pragma once

#include "sim/item_lists.hpp"
#include "sim/population.hpp"
#include "sim/reco_gym/crowd.hpp"
#include "sim/step_demand.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace souk::sim::reco_gym {

/// A crowd of reco-gym's users in a market: shows them what a policy decides and keeps
/// the records. A step of the model is a second of simulated time, and a user's whole
/// life one session.
///
/// A view is logged as `view`, a product shown as `impression`, and a click on it as
/// `click`. Where the policy is uniform it is not asked, but its draws are made for
/// everybody at once: with the same bits.
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

  std::shared_ptr<const world> market_;
  core::user_id first_;
  crowd crowd_;
  std::int64_t num_users_;
  std::vector<core::session_record> records_;
  std::vector<core::item_id> shown_;
  std::vector<float> propensities_; ///< parallel to `shown_`; empty: all `propensity_`
  float propensity_ = 0;
  core::propensity_kind propensity_is_ = core::propensity_kind::none;
  std::vector<core::user_id> shown_users_;
  std::vector<std::uint32_t> words_[4];
  step_demand demand_;
  /// Viewed or clicked on so far, by user; kept only for policies that look.
  std::optional<item_lists> opened_;
  std::vector<core::item_id> history_;
};

} // namespace souk::sim::reco_gym
