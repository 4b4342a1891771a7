#include "actors/coordinator_residuals.hpp"

#include "actors/failure.hpp"
#include "actors/with_payload.hpp"

namespace souk::actors {

using namespace messages;

namespace {

/// Offers the residuals that training starts from; none if they are zeros.
install_residuals offer_start(coordinator_state& state) {
  install_residuals request{state.progress.step, {}};
  const auto& residuals = state.start->residuals;
  for (std::size_t block = 0; block < residuals.size(); ++block) {
    core::tensor_ticket ticket;
    ticket.run = state.options.run;
    ticket.generation = state.options.generation;
    ticket.kind = core::tensor_kind::residual;
    ticket.block = static_cast<std::uint32_t>(block);
    ticket.version = state.progress.step;
    const auto& values = residuals[block];
    request.residuals.push_back(
      state.exchange->offer(ticket, {{0, values.size(), values.data()}}, state.start));
  }
  return request;
}

/// Takes one residual; goes on when all are there.
void take(coordinator_pointer self,
          const core::tensor_ticket& ticket,
          coordinator_step then,
          coordinator_failure failed) {
  const auto use = [=](payload_pointer here) {
    auto& state = self->state;
    if (ticket.block >= state.residuals.size()
        || !bulk::fills(here->runs, {{0, core::end_of(state.options.parts)}}))
      return failed(self,
                    refusal(core::errc::shape_mismatch, "a residual of another model"));
    state.residuals[ticket.block] = std::move(here);
    state.exchange->release(ticket);
    if (--state.missing == 0)
      then(self);
  };
  with_payload(self, self->state.bulk, ticket, use,
               [=](const caf::error& reason) { failed(self, reason); });
}

} // namespace

void install_residuals_everywhere(coordinator_pointer self,
                                  coordinator_step then,
                                  coordinator_failure failed) {
  auto& state = self->state;
  const auto request = offer_start(state);
  state.missing = state.trainers.size();
  for (const auto& trainer : state.trainers)
    self->request(trainer, work_timeout, request)
      .then(
        [=](const residuals_installed&) {
          if (--self->state.missing == 0)
            then(self);
        },
        [=](const caf::error& reason) { failed(self, reason); });
}

void gather_residuals(coordinator_pointer self,
                      coordinator_step then,
                      coordinator_failure failed) {
  auto& state = self->state;
  state.residuals.assign(state.num_residuals(), nullptr);
  state.missing = state.residuals.size();
  for (const auto& trainer : state.trainers)
    self->request(trainer, work_timeout, get_residuals{state.progress.step})
      .then(
        [=](const residuals_ready& ready) {
          for (const auto& ticket : ready.residuals)
            take(self, ticket, then, failed);
        },
        [=](const caf::error& reason) { failed(self, reason); });
}

std::vector<core::span<const float>> whole_residuals(const coordinator_state& state) {
  std::vector<core::span<const float>> views;
  for (const auto& residual : state.residuals)
    views.emplace_back(residual->runs[0].values, residual->runs[0].length);
  return views;
}

} // namespace souk::actors
