#pragma once

#include "sim/item_lists.hpp"
#include "sim/population.hpp"
#include "sim/step_demand.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace souk::sim {

/// Users of a published model, who live in step with each other: everybody who is there
/// has a step, then everybody the next. A step is a second of simulated time, and a
/// user's whole life one session.
///
/// What a user opens is remembered for policies that look. A uniform policy does not:
/// it is not asked, but its draws are made for everybody at once, with the same bits.
class stepwise_users : public population {
public:
  void live(core::time_ms start, core::time_ms end, const policy& shop) final;
  std::vector<core::session_record> take_records() final;
  core::time_ms next_wake() const final;
  std::size_t memory_bytes() const final;

protected:
  stepwise_users(std::shared_ptr<const world> market,
                 core::user_id first,
                 std::size_t count,
                 std::size_t slate_size);

  const world& market() const {
    return *market_;
  }

  std::size_t slate_size() const {
    return demand_.get().slate_size;
  }

  /// When the present step happens.
  core::time_ms now() const {
    return present_step() * core::second_ms;
  }

  /// Adds somebody who wants a slate now to the demand.
  void want(core::user_id user, core::span<const core::item_id> offered = {});

  /// Notes that a user opened an item.
  void opened(core::user_id user, core::item_id item) {
    opened_->insert(user - first_, item);
  }

  /// Adds room for records in (user, step) order; `trim_records` gives back its end.
  core::session_record* add_records(std::size_t most);
  void trim_records(const core::session_record* end);

private:
  /// How many are left, and the number of their step.
  virtual std::size_t num_living() const = 0;
  virtual std::uint32_t present_step() const = 0;

  virtual void begin_step() = 0;
  /// Takes the slates of `make_random_policy` for everybody who wants one.
  virtual void decide_uniformly() = 0;
  /// Wants a slate for everybody who does.
  virtual void gather_demand() = 0;
  /// Takes slates that a policy decided on, parallel to what was wanted.
  virtual void take_slates(policy_slates shown) = 0;
  virtual void finish_step() = 0;
  virtual void keep_records() = 0;
  /// Says what was opened in the step.
  virtual void remember() = 0;
  virtual void settle() = 0;
  virtual std::size_t state_bytes() const = 0;

  void ask(const policy& shop);

  std::shared_ptr<const world> market_;
  core::user_id first_;
  std::size_t count_;
  std::vector<core::session_record> records_;
  step_demand demand_;
  std::optional<item_lists> opened_;
  std::vector<core::item_id> history_;
};

} // namespace souk::sim
