#pragma once

#include "sim/interest_evolution/audience.hpp"
#include "sim/stepwise_users.hpp"

#include <memory>
#include <vector>

namespace souk::sim::interest_evolution {

/// An audience of the interest evolution model in a market. A policy chooses among the
/// candidates of the step (`slate_demand::offered`); what is watched is a `click`.
class users final : public stepwise_users {
public:
  users(std::shared_ptr<const world> market, core::user_id first, std::uint32_t count);

  market_totals totals() const override;

private:
  std::size_t num_living() const override {
    return audience_.size();
  }

  std::uint32_t present_step() const override {
    return audience_.step();
  }

  void begin_step() override {
    audience_.begin_step();
  }

  void finish_step() override {
    audience_.finish_step(slates_.data());
  }

  void settle() override {
    audience_.settle();
  }

  std::size_t state_bytes() const override {
    return audience_.memory_bytes();
  }

  void decide_uniformly() override;
  void gather_demand() override;
  void take_slates(policy_slates shown) override;
  void keep_records() override;
  void remember() override;

  core::item_id* slate(std::size_t place) {
    return slates_.data() + place * slate_size();
  }

  audience audience_;
  tallies sums_;
  std::vector<core::item_id> slates_; ///< [users, slate_size]
  std::vector<float> propensities_;   ///< of one slate for all, or of each
  bool same_propensities_ = false;
  core::propensity_kind propensity_is_ = core::propensity_kind::none;
};

} // namespace souk::sim::interest_evolution
