#pragma once

#include "core/span.hpp"
#include "sim/slate_demand.hpp"

namespace souk::sim {

/// Writes the demand of users who live in steps: logged in, without searches, and with
/// nothing barred. Keeps its memory from step to step.
class step_demand {
public:
  step_demand(const world& market, std::size_t slate_size);

  /// Begins a step with nobody in it.
  void clear();

  /// Adds a user who has opened `history` (ascending) so far, and gets one of `offered`
  /// (ascending; leave out where everything is for sale: for all users or for none).
  void add(core::user_id user,
           std::uint32_t step,
           core::time_ms time,
           core::span<const core::item_id> history,
           core::span<const core::item_id> offered = {});

  const slate_demand& get() const {
    return demand_;
  }

private:
  slate_demand demand_;
};

} // namespace souk::sim
