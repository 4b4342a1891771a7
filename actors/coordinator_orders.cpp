#include "actors/coordinator_orders.hpp"

#include "actors/failure.hpp"

namespace souk::actors {

using namespace messages;

void install_orders(coordinator_pointer self,
                    coordinator_step then,
                    coordinator_failure failed) {
  auto& state = self->state;
  const auto& orders = *state.options.orders;
  if (orders.size() != state.servers.size())
    return failed(self, refusal(core::errc::shape_mismatch,
                                "the order to repeat is one of "
                                  + std::to_string(orders.size()) + " ranges"));
  state.missing = state.servers.size();
  for (std::size_t range = 0; range < state.servers.size(); ++range)
    self
      ->request(state.servers[range], work_timeout,
                follow_order{{packed(orders[range])}})
      .then(
        [=](const order_followed&) {
          if (--self->state.missing == 0)
            then(self);
        },
        [=](const caf::error& reason) { failed(self, reason); });
}

void gather_orders(coordinator_pointer self,
                   coordinator_step then,
                   coordinator_failure failed) {
  auto& state = self->state;
  state.missing = state.servers.size();
  state.happened.resize(state.servers.size());
  for (std::size_t range = 0; range < state.servers.size(); ++range)
    self->request(state.servers[range], work_timeout, get_order{})
      .then(
        [=](const range_events& events) {
          auto& present = self->state;
          present.happened[range] = unpacked(events.events.values);
          if (--present.missing > 0)
            return;
          for (std::size_t i = 0; i < present.happened.size(); ++i)
            present.observer->happened(present.rested, present.progress.step, i,
                                       present.happened.size(), present.happened[i]);
          then(self);
        },
        [=](const caf::error& reason) { failed(self, reason); });
}

} // namespace souk::actors
