#pragma once

#include "sim/reco_gym/crowd.hpp"
#include "sim/stepwise_users.hpp"

#include <memory>
#include <vector>

namespace souk::sim::reco_gym {

/// A crowd of reco-gym's users in a market. A view is logged as `view`, a product shown
/// as `impression`, and a click on it as `click`.
class users final : public stepwise_users {
public:
  users(std::shared_ptr<const world> market, core::user_id first, std::uint32_t count);

  market_totals totals() const override;

private:
  std::size_t num_living() const override {
    return crowd_.size();
  }

  std::uint32_t present_step() const override {
    return crowd_.step();
  }

  void begin_step() override {
    crowd_.begin_step();
  }

  void finish_step() override {
    crowd_.finish_step(shown_.data());
  }

  void settle() override {
    crowd_.settle();
  }

  std::size_t state_bytes() const override {
    return crowd_.memory_bytes();
  }

  void decide_uniformly() override;
  void gather_demand() override;
  void take_slates(policy_slates shown) override;
  void keep_records() override;
  void remember() override;

  crowd crowd_;
  std::int64_t num_users_;
  std::vector<core::item_id> shown_;
  std::vector<float> propensities_; ///< parallel to `shown_`; empty: all `propensity_`
  float propensity_ = 0;
  core::propensity_kind propensity_is_ = core::propensity_kind::none;
  std::vector<core::user_id> shown_users_;
  std::vector<std::uint32_t> words_[4];
};

} // namespace souk::sim::reco_gym
