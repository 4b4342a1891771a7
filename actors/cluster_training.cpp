#include "actors/cluster_state.hpp"
#include "actors/coordinator.hpp"
#include "actors/division_of_work.hpp"
#include "actors/start_by_item.hpp"
#include "core/at_end.hpp"

#include <algorithm>

namespace souk::actors {

using namespace messages;

namespace {

/// How long a process may take to end the roles of a training.
constexpr auto close_timeout = std::chrono::seconds{10};

/// A process's servers work while its trainers wait, so they share the same threads.
std::uint32_t threads_of_server(const cluster_options& options,
                                std::uint32_t processes,
                                std::uint32_t server) {
  const auto process = server % processes;
  const auto here = [&](std::uint32_t roles) {
    return roles / processes + (process < roles % processes ? 1 : 0);
  };
  const auto threads = here(options.trainers) * options.threads_per_trainer;
  return std::max(1U, threads / here(options.parameter_servers));
}

} // namespace

void cluster::state::close_training_everywhere() {
  std::vector<std::future<node_done>> answers;
  for (const auto& process : processes->present())
    answers.push_back(
      ask_later<node_done>(*system, process.node, close_training{}, process.name));
  for (auto& answer : answers)
    answer.wait_for(close_timeout);
}

/// A part of the arena for each server, as the file places parameters.
std::vector<core::arena_part>
cluster::state::parts_of(const open_training_state& training) const {
  if (is_by_item())
    return parts_by_item(training.model, context->training_rows()->num_items,
                         context->training().placement.ranges,
                         options.parameter_servers);
  return core::single_parts(training.layout.ranges(options.parameter_servers));
}

std::vector<data_shard_actor> cluster::state::start_shards() {
  std::vector<data_shard_actor> shards;
  for (std::uint32_t i = 0; i < options.data_shards; ++i)
    shards.push_back(start_role<data_shard_actor>(
      "data_shard", i, start_data_shard{i, options.data_shards}));
  return shards;
}

start_training cluster::state::start_by_range(const coordinator_actor& chief) {
  start_training start;
  const auto trainers =
    division_of_work{context->training(), options.trainers}.num_trainers();
  for (std::uint32_t i = 0; i < options.parameter_servers; ++i)
    start.servers.push_back(start_role<parameter_server_actor>(
      "parameter_server", i,
      start_parameter_server{
        i, options.parameter_servers, options.trainers,
        threads_of_server(
          options, static_cast<std::uint32_t>(processes->present().size()), i)}));
  const auto& shards = start.shards = start_shards();
  for (std::uint32_t i = 0; i < trainers; ++i)
    start.trainers.push_back(start_role<trainer_actor>(
      "trainer", i,
      start_trainer{i, options.trainers, options.threads_per_trainer, shards,
                    start.servers, chief}));
  return start;
}

/// One trainer, beside the server of what it computes; owners of items in the other
/// processes first. They have the threads of all trainers that the file asks for.
start_training cluster::state::start_by_item(const coordinator_actor& chief) {
  start_training start;
  const auto threads = options.trainers * options.threads_per_trainer;
  const auto owners = options.parameter_servers;
  start_item_trainer work{threads, {}, {}, {}, chief};
  for (std::uint32_t i = 0; i < owners; ++i)
    work.owners.push_back(start_role<item_server_actor>(
      "item_server", i, start_item_server{i, owners, std::max(1U, threads / owners)},
      /*place=*/i + 1));
  work.middle = start_role<parameter_server_actor>(
    "middle_server", 0, start_middle_server{owners, threads});
  work.shards = start.shards = start_shards();
  start.servers.assign(work.owners.begin(), work.owners.end());
  start.servers.push_back(work.middle);
  start.trainers.push_back(start_role<trainer_actor>("item_trainer", 0, work));
  for (std::uint32_t i = 0; i < owners; ++i)
    start.server_names.push_back("item_server " + std::to_string(i));
  start.server_names.emplace_back("middle_server 0");
  start.trainer_names.emplace_back("item_trainer 0");
  return start;
}

training_outcome
cluster::state::train_once(const open_training& training,
                           const training_options& options_now,
                           training_start begin,
                           const std::shared_ptr<training_observer>& observer,
                           const std::atomic<bool>& interrupt) {
  const auto shape = make_training(*context, training);
  if (!begin.tensors) {
    begin.tensors = std::make_shared<training_tensors>();
    begin.tensors->parameters.resize(shape.layout.size());
    models::make_network(shape.model, context->training_rows()->num_items)
      ->initialise(context->seed(), begin.tensors->parameters);
  }
  const coordinator_options plan{training.run, training.generation, options_now,
                                 shape.plan,   parts_of(shape),     begin.orders,
                                 board};
  // The coordinator frees the tensors when every server has taken its part.
  const coordinator_actor chief = system->spawn<caf::detached>(
    coordinator, plan, observer, services.exchange, services.bulk, begin.progress,
    std::move(begin.tensors));
  const core::at_end close{[&] {
    stop_watching();
    // The coordinator calls the observer, so it must have ended before this returns.
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    caf::scoped_actor {
      *system
      } -> wait_for(chief);
    note_losses();
    close_training_everywhere();
  }};
  caf::anon_send(watcher, report_deaths_to{chief});
  board->started("coordinator", name_on_board(processes->present().front()));
  tell_all_nodes(training);
  const auto start = is_by_item() ? start_by_item(chief) : start_by_range(chief);

  auto asked = false;
  const auto finished = await<training_finished>(chief, start, "training", [&] {
    // Whoever waits is let in between two leases, with a checkpoint.
    if ((processes->somebody_waits() || interrupt) && !std::exchange(asked, true))
      caf::anon_send(chief, interrupt_training{});
  });
  return finished.end == training_end::completed ? training_outcome::completed
                                                 : training_outcome::interrupted;
}

} // namespace souk::actors
