#include "actors/coordinator.hpp"
#include "actors/coordinator_residuals.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>

// What a coordinator knows and decides; whom it asks stands in coordinator.cpp.

namespace souk::actors {

using namespace messages;

install_state coordinator_state::offer_state(std::size_t range) {
  const auto& part = options.parts[range];
  const auto offer = [&](core::tensor_kind kind, const core::parameter_arena& arena) {
    core::gradient_slice runs; // of zeros there are none
    if (!arena.empty())
      runs = bulk::runs_of(part, arena.data());
    core::tensor_ticket ticket;
    ticket.run = options.run;
    ticket.generation = options.generation;
    ticket.range = static_cast<std::uint32_t>(range);
    ticket.version = progress.step;
    ticket.kind = kind;
    // A slot of its own: block numbers of parameters are 0 at the servers.
    ticket.block = ~std::uint32_t{0};
    return exchange->offer(ticket, std::move(runs), start);
  };
  return {progress.step, offer(core::tensor_kind::parameters, start->parameters),
          offer(core::tensor_kind::first_moments, start->first_moments),
          offer(core::tensor_kind::second_moments, start->second_moments)};
}

void coordinator_state::note(const step_losses& lost) {
  auto& pending = losses[lost.step];
  const auto count = lost.negative_log_likelihoods.values.size();
  if (lost.step < progress.step || lost.first_block + count > options.plan.blocks
      || lost.divergences.values.size() != count)
    return;
  pending.negative_log_likelihoods.resize(options.plan.blocks);
  pending.divergences.resize(options.plan.blocks);
  std::copy_n(lost.negative_log_likelihoods.values.begin(), count,
              pending.negative_log_likelihoods.begin() + lost.first_block);
  std::copy_n(lost.divergences.values.begin(), count,
              pending.divergences.begin() + lost.first_block);
  pending.blocks_known += count;
  pending.bytes_pushed += lost.bytes_pushed;
  pending.bytes_moved += lost.bytes_moved;
}

void coordinator_state::close_steps(std::uint64_t last) {
  const auto per_epoch = options.plan.per_epoch();
  for (; progress.step < last; ++progress.step) {
    const auto& pending = losses[progress.step];
    core::expects(pending.blocks_known == options.plan.blocks,
                  "every block of a finished step has told its loss");
    const auto likelihood = core::tree_sum(pending.negative_log_likelihoods);
    const auto divergence = core::tree_sum(pending.divergences);
    if (!std::isfinite(likelihood) || !std::isfinite(divergence))
      throw core::error{"the loss of step " + std::to_string(progress.step + 1)
                          + " is not finite: the weights have diverged",
                        "training",
                        "lower training.optimiser.learning_rate and start anew"};
    const auto users = options.plan.users_of(progress.step % per_epoch);
    observer->record(progress.step + 1, progress.step / per_epoch + 1, "loss",
                     likelihood / users);
    observer->moved(progress.step + 1, pending.bytes_pushed, pending.bytes_moved);
    progress.negative_log_likelihood += likelihood;
    progress.divergence += divergence;
  }
  losses.erase(losses.begin(), losses.lower_bound(last));
}

std::size_t coordinator_state::num_residuals() const {
  const auto& training = options.training;
  if (training.consistency.kind == consistency_kind::local_sgd)
    return std::size_t{2} * training.consistency.workers;
  return training.compression.kind == models::compression_kind::top_k
           ? options.plan.blocks
           : 0;
}

bool coordinator_state::saves() const {
  return schedule->checkpoints_at(progress.step) || interrupted;
}

std::vector<core::tensor_ticket>
coordinator_state::needed(const server_state& state) const {
  if (saves())
    return {state.parameters, state.first_moments, state.second_moments};
  return {state.parameters};
}

void coordinator_state::take(const core::tensor_ticket& ticket,
                             std::shared_ptr<const bulk::payload> numbers) {
  auto& tensor = gathered[static_cast<std::size_t>(ticket.kind)];
  tensor.ranges.resize(options.parts.size());
  tensor.ranges.at(ticket.range) = std::move(numbers);
}

void coordinator_state::after_lease() {
  const auto epoch = progress.step / options.plan.per_epoch();
  if (schedule->ends_epoch(progress.step)) {
    const auto users = options.plan.users;
    observer->record(progress.step, epoch, "epoch_loss",
                     progress.negative_log_likelihood / users);
    observer->record(progress.step, epoch, "epoch_divergence",
                     progress.divergence / users);
    progress.negative_log_likelihood = progress.divergence = 0;
  }
  const auto parameters = gathered[0].values;
  if (schedule->validates_at(progress.step)) {
    const auto computing = work.computing();
    if (const auto metric = observer->validate(parameters)) {
      observer->record(progress.step, epoch, options.training.validate.metric.c_str(),
                       *metric);
      if (schedule->note_validation(progress, *metric))
        best.assign(parameters.begin(), parameters.end());
    }
  }
  if (!saves())
    return;
  const auto sending = work.sending();
  observer->save(progress, {parameters, gathered[1].values, gathered[2].values, best,
                            whole_residuals(*this)});
}

} // namespace souk::actors
