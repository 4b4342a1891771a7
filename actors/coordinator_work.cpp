#include "actors/coordinator_work.hpp"

#include "actors/division_of_work.hpp"
#include "actors/failure.hpp"
#include "core/log.hpp"

#include <cstdio>
#include <utility>

namespace souk::actors {

using namespace messages;

namespace {

/// How old may be what a status says of servers and shards, while leases are short.
constexpr double seconds_between_questions = 1.0;

std::string role_name(const char* kind, std::size_t index) {
  return std::string{kind} + " " + std::to_string(index);
}

std::string times(double factor) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f times", factor);
  return text;
}

/// Says what has changed about a trainer, if anything.
void tell(coordinator_state& state, std::size_t trainer) {
  const auto& name = state.trainer_names[trainer];
  const auto factor = state.slow->times_slower(trainer);
  const bool was_slow = state.named_slow[trainer]; // auto would be no copy
  state.named_slow[trainer] = factor.has_value();
  state.options.board->slower(name, factor.value_or(0));
  if (factor && !was_slow)
    core::log::warning(
      name + " in " + state.options.board->process_of(name) + " is slow: it computes "
      + times(*factor) + " as long as its peers"
      + (state.options.training.consistency.kind == consistency_kind::asp
           ? ""
           : "; all wait for it"));
  else if (!factor && was_slow)
    core::log::info(name + " is no longer slow");
}

bool is_due(const coordinator_state& state) {
  return state.schedule->ends_epoch(state.progress.step) || state.interrupted
         || core::seconds_now() - state.asked_for_work >= seconds_between_questions;
}

/// Everybody has told: the board is up to date.
void all_told(coordinator_state& state) {
  auto& board = *state.options.board;
  board.worked("coordinator", state.work.take());
  const auto per_epoch = state.options.plan.per_epoch();
  const auto epoch = (state.progress.step + per_epoch - 1) / per_epoch;
  board.epoch(epoch);
  if (state.schedule->ends_epoch(state.progress.step))
    state.observer->worked(state.progress.step, epoch, board.take_work());
}

} // namespace

void name_roles(coordinator_state& state, const start_training& start) {
  state.trainer_names = start.trainer_names;
  for (auto i = state.trainer_names.size(); i < state.trainers.size(); ++i)
    state.trainer_names.push_back(role_name("trainer", i));
  state.server_names = start.server_names;
  for (auto i = state.server_names.size(); i < state.servers.size(); ++i)
    state.server_names.push_back(role_name("parameter_server", i));
  const auto count = static_cast<std::uint32_t>(state.trainer_names.size());
  const division_of_work work{state.options.training, count};
  std::vector<std::uint32_t> blocks;
  for (std::uint32_t i = 0; i < count; ++i)
    blocks.push_back(work.of(i).num_blocks);
  state.slow = std::make_unique<slow_trainers>(std::move(blocks));
  state.named_slow.assign(count, false);
}

void note_work(coordinator_state& state,
               std::size_t trainer,
               std::uint64_t steps,
               const core::work_counters& work) {
  state.options.board->worked(state.trainer_names[trainer], work);
  const auto now = core::seconds_now();
  const auto passed = now - std::exchange(state.last_lease_ended, now);
  if (state.slow->note(trainer, work.compute_seconds, steps, passed))
    for (std::size_t i = 0; i < state.trainers.size(); ++i)
      tell(state, i);
}

void gather_work(coordinator_pointer self,
                 coordinator_step then,
                 coordinator_failure failed) {
  auto& state = self->state;
  state.missing = state.servers.size() + state.shards.size();
  if (!is_due(state) || state.missing == 0)
    return then(self);
  state.asked_for_work = core::seconds_now();
  const auto ask = [&](const auto& actor, const std::string& name) {
    self->request(actor, work_timeout, get_work{})
      .then(
        [=](const core::work_counters& work) {
          self->state.options.board->worked(name, work);
          if (--self->state.missing > 0)
            return;
          all_told(self->state);
          then(self);
        },
        [=](const caf::error& reason) { failed(self, reason); });
  };
  for (std::size_t i = 0; i < state.servers.size(); ++i)
    ask(state.servers[i], state.server_names[i]);
  for (std::size_t i = 0; i < state.shards.size(); ++i)
    ask(state.shards[i], role_name("data_shard", i));
}

} // namespace souk::actors
