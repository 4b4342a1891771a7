#include "actors/start_by_item.hpp"

#include "actors/item_server.hpp"
#include "actors/item_trainer.hpp"
#include "actors/parameter_server.hpp"
#include "models/autoencoder_middle.hpp"

namespace souk::actors {

using namespace messages;

namespace {

std::uint32_t items_of(const node_state& state) {
  return state.training->rows->num_items;
}

std::uint32_t ranges_of(const node_state& state) {
  return state.context->training().placement.ranges;
}

models::autoencoder_shape shape_of(const node_state& state) {
  return {state.training->model, items_of(state)};
}

} // namespace

std::vector<core::arena_part> parts_by_item(const models::model_options& model,
                                            std::uint32_t num_items,
                                            std::uint32_t num_ranges,
                                            std::uint32_t owners) {
  const models::autoencoder_shape shape{model, num_items};
  const models::item_partition cut{shape, num_ranges};
  std::vector<core::arena_part> parts;
  std::uint32_t first = 0;
  for (const auto owned : core::runs_of_blocks(num_ranges, owners)) {
    parts.push_back(cut.part_of(first, static_cast<std::uint32_t>(owned)));
    first += static_cast<std::uint32_t>(owned);
  }
  parts.push_back({models::autoencoder_middle::range_of(shape)});
  return parts;
}

item_server_actor start(node_pointer self, const start_item_server& request) {
  const auto& state = self->state;
  const auto& training = *state.training;
  const auto ranges = ranges_of(state);
  const auto owned = core::runs_of_blocks(ranges, request.count);
  models::item_owner_options work;
  work.num_ranges = ranges;
  for (std::uint32_t i = 0; i < request.index; ++i)
    work.first_range += static_cast<std::uint32_t>(owned.at(i));
  work.owned = static_cast<std::uint32_t>(owned.at(request.index));
  work.rows_per_block = training.plan.rows_per_block();
  work.num_blocks = training.plan.blocks;
  work.threads = request.threads;
  work.optimiser = state.context->training().optimiser;
  work.precision = state.context->training().precision;
  const auto owner =
    std::make_shared<models::item_owner>(training.model, items_of(state), work);
  const item_server_options options{
    training.run, training.generation, request.index,
    owner->partition().part_of(work.first_range, work.owned)};
  const auto& services = state.services;
  return state.options.detached_trainers
           ? self->spawn<caf::detached>(item_server, options, services.exchange,
                                        services.bulk, training.memory, owner)
           : self->spawn(item_server, options, services.exchange, services.bulk,
                         training.memory, owner);
}

parameter_server_actor start(node_pointer self, const start_middle_server& request) {
  const auto& state = self->state;
  const auto& training = *state.training;
  const parameter_server_options options{
    training.run,
    training.generation,
    request.index,
    models::autoencoder_middle::range_of(shape_of(state)),
    {training.plan.blocks}, // one trainer has them all
    state.context->training().optimiser,
    request.threads};
  return self->spawn(parameter_server, options, state.services.exchange,
                     state.services.bulk, training.memory);
}

trainer_actor start(node_pointer self, const start_item_trainer& request) {
  const auto& state = self->state;
  const auto& training = *state.training;
  const item_trainer_options options{training.run, training.generation,
                                     state.context->seed(), training.plan};
  const item_trainer_peers team{request.shards, request.owners, request.middle,
                                request.coordinator, state.services.bulk};
  const auto learner = std::make_shared<models::middle_learner>(
    training.model, items_of(state),
    models::middle_options{
      core::runs_of_blocks(ranges_of(state), request.owners.size()),
      training.plan.rows_per_block(), training.plan.blocks, request.threads});
  const auto& exchange = state.services.exchange;
  return state.options.detached_trainers
           ? self->spawn<caf::detached>(item_trainer, options, team, exchange, learner)
           : self->spawn(item_trainer, options, team, exchange, learner);
}

} // namespace souk::actors
