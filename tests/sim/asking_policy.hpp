#pragma once

#include "sim/policy.hpp"

#include <functional>
#include <memory>

namespace souk::sim {

/// Decides like another policy, but has to be asked: it does not say that it is
/// uniform. Lets a test see every demand.
class asking_policy : public policy {
public:
  using look = std::function<void(const slate_demand&, const policy_slates&)>;

  explicit asking_policy(std::unique_ptr<policy> behind, look see = {})
    : behind_{std::move(behind)}, see_{std::move(see)} {
    // nop
  }

  std::string name() const override {
    return behind_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto slates = behind_->decide(demand);
    if (see_)
      see_(demand, slates);
    return slates;
  }

private:
  std::unique_ptr<policy> behind_;
  look see_;
};

} // namespace souk::sim
