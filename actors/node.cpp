#include "actors/node.hpp"

#include "actors/data_shard.hpp"
#include "actors/division_of_work.hpp"
#include "actors/failure.hpp"
#include "actors/fetched_files.hpp"
#include "actors/parameter_server.hpp"
#include "actors/start_by_item.hpp"
#include "actors/trainer.hpp"
#include "actors/user_cohort.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/shareable_memory.hpp"
#include "sim/arms.hpp"

namespace souk::actors {

using namespace messages;

open_training_state make_training(run_context& context, const open_training& request) {
  open_training_state training;
  training.run = request.run;
  training.generation = request.generation;
  training.model = context.learned_models().at(request.model);
  training.rows = request.further_rows.empty()
                    ? context.training_rows()
                    : context.training_rows_with(request.further_rows);
  training.plan = {static_cast<std::uint32_t>(training.rows->num_rows()),
                   context.training().batch_users, context.training().blocks};
  training.layout =
    models::make_network(training.model, training.rows->num_items)->layout();
  return training;
}

run_opened node_state::open(caf::actor_system& system, const open_run& request) {
  services.exchange->open(request.process);
  std::shared_ptr<run_files> files;
  if (request.cabinet) {
    services.transport->meet({request.coordinator});
    files = std::make_shared<fetched_files>(system, services, request.cabinet,
                                            options.folder);
  } else {
    files = std::make_shared<files_in_directory>(request.directory);
  }
  context = load(request.configuration, std::move(files));
  return {context->platform()};
}

void node_state::open(const open_training& request) {
  // By item, other processes read arenas for checkpoints only: large pages are worth
  // more than a copy less.
  core::share_memory(services.transport && services.transport->has_neighbours()
                     && context->training().placement.kind == placement_kind::by_range);
  training = std::make_unique<open_training_state>(make_training(*context, request));
  training->memory = std::make_shared<training_memory>(training->layout.size());
}

namespace {

using self_pointer = node_actor::stateful_pointer<node_state>;

data_shard_actor start(self_pointer self, const start_data_shard& request) {
  auto& state = self->state;
  const auto& rows = state.training->rows;
  const auto users = static_cast<std::uint64_t>(rows->num_rows());
  const auto first = users * request.index / request.count;
  const auto end = users * (request.index + 1) / request.count;
  const data_shard_options options{state.context->seed(), state.training->plan,
                                   static_cast<core::user_id>(first),
                                   static_cast<core::user_id>(end)};
  return self->spawn(data_shard, options, rows);
}

parameter_server_actor start(self_pointer self, const start_parameter_server& request) {
  auto& state = self->state;
  const auto& plan = state.context->training();
  const parameter_server_options options{
    state.training->run,
    state.training->generation,
    request.index,
    state.training->layout.ranges(request.count).at(request.index),
    division_of_work{plan, request.trainers}.pushed_runs(),
    plan.optimiser,
    request.threads,
    plan.consistency,
    state.training->plan.per_epoch()};
  return self->spawn(parameter_server, options, state.services.exchange,
                     state.services.bulk, state.training->memory);
}

trainer_actor start(self_pointer self, const start_trainer& request) {
  auto& state = self->state;
  const auto& training = *state.training;
  trainer_options options;
  options.run = training.run;
  options.generation = training.generation;
  options.seed = state.context->seed();
  options.plan = training.plan;
  options.num_items = training.rows->num_items;
  const auto& plan = state.context->training();
  const auto share = division_of_work{plan, request.trainers}.of(request.index);
  options.first_block = share.first_block;
  options.num_blocks = share.num_blocks;
  options.workers = share.workers;
  options.consistency = plan.consistency;
  options.optimiser = plan.optimiser;
  options.ranges = training.layout.ranges(request.servers.size());
  options.compression = plan.compression;
  options.threads = request.threads;
  const auto blocks_at_once =
    options.compression.kind == models::compression_kind::none ? options.num_blocks : 1;
  const trainer_peers team{request.shards, request.servers, request.coordinator,
                           state.services.bulk};
  const auto learner = std::make_shared<std::unique_ptr<models::learner>>(
    models::make_learner(training.model, options.num_items,
                         {training.plan.rows_per_block(), blocks_at_once,
                          request.threads, plan.precision}));
  const auto& exchange = state.services.exchange;
  return state.options.detached_trainers
           ? self->spawn<caf::detached>(trainer, options, team, exchange, learner)
           : self->spawn(trainer, options, team, exchange, learner);
}

/// Calls what answers a request; whatever it throws becomes the answer.
template <class Reply, class Answer>
caf::result<Reply> answered(Answer answer) {
  try {
    return answer();
  } catch (...) {
    auto thrown = std::current_exception();
    return failure_of(thrown);
  }
}

/// Starts a role and remembers it until the training is closed.
template <class Handle, class Request>
caf::result<Handle> start_role(self_pointer self, const Request& request) {
  if (!self->state.training)
    return refusal(core::errc::not_ready, "no training is open");
  return answered<Handle>([&] {
    auto role = start(self, request);
    self->state.roles.push_back(caf::actor_cast<caf::strong_actor_ptr>(role));
    return role;
  });
}

void close(self_pointer self) {
  auto& state = self->state;
  for (const auto& role : state.roles)
    self->send_exit(caf::actor_cast<caf::actor>(role), caf::exit_reason::user_shutdown);
  state.roles.clear();
  if (state.training)
    state.services.exchange->release_run(state.training->run);
  state.training.reset();
}

} // namespace

node_actor::behavior_type node(self_pointer self,
                               process_services services,
                               context_loader load,
                               node_options options) {
  share_exception_handler(self);
  auto& state = self->state;
  state.services = std::move(services);
  state.load = std::move(load);
  state.options = std::move(options);
  return {
    [self](const open_run& request) -> caf::result<run_opened> {
      return answered<run_opened>([&] {
        try {
          return self->state.open(self->system(), request);
        } catch (const std::exception& broken) {
          // Who leads the run ends this process then.
          core::log::warning(std::string{"cannot take part: "} + broken.what());
          throw;
        }
      });
    },
    [self](const meet_processes& all) {
      const auto& mine = self->state.services;
      if (mine.transport)
        mine.transport->meet(all.bulk);
      // Who could not be reached before may be gone or elsewhere now.
      self->request(mine.bulk, control_timeout, get_unreachable{})
        .then([](const unreachable_processes&) {});
      return node_done{};
    },
    [](const are_you_there&) { return node_done{}; },
    [self](const get_unreachable& question) {
      return self->delegate(self->state.services.bulk, question);
    },
    [self](const open_training& request) -> caf::result<node_done> {
      if (!self->state.context)
        return refusal(core::errc::not_ready, "no run is open");
      return answered<node_done>([&] {
        self->state.open(request);
        return node_done{};
      });
    },
    [self](const start_data_shard& request) {
      return start_role<data_shard_actor>(self, request);
    },
    [self](const start_parameter_server& request) {
      return start_role<parameter_server_actor>(self, request);
    },
    [self](const start_trainer& request) {
      return start_role<trainer_actor>(self, request);
    },
    [self](const start_item_server& request) {
      return start_role<item_server_actor>(self, request);
    },
    [self](const start_middle_server& request) {
      return start_role<parameter_server_actor>(self, request);
    },
    [self](const start_item_trainer& request) {
      return start_role<trainer_actor>(self, request);
    },
    [self](const start_user_cohort& request) -> caf::result<user_cohort_actor> {
      if (!self->state.context)
        return refusal(core::errc::not_ready, "no run is open");
      return answered<user_cohort_actor>([&]() -> user_cohort_actor {
        auto& context = *self->state.context;
        const auto world = context.world(request.world);
        const user_cohort_options cohort{
          request.cohort, context.cohort_users(),
          sim::arm_of_policy(world->options(), request.policy)};
        return self->spawn(
          user_cohort, cohort, world, context.policy(request.policy, request.world, 0),
          [context = self->state.context, request](std::uint32_t version) {
            return context->policy(request.policy, request.world, version);
          });
      });
    },
    [self](const load_policy& request) -> caf::result<node_done> {
      if (!self->state.context)
        return refusal(core::errc::not_ready, "no run is open");
      return answered<node_done>([&] {
        self->state.context->policy(request.policy, request.world, request.version);
        return node_done{};
      });
    },
    [self](const close_training&) {
      close(self);
      return node_done{};
    },
    [self](const turn_away& refused) {
      self->state.options.turned_away(refused.reason);
      return node_done{};
    },
  };
}

} // namespace souk::actors
