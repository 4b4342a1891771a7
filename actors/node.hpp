#pragma once

#include "actors/batches.hpp"
#include "actors/messages/types.hpp"
#include "actors/process_services.hpp"
#include "actors/run_context.hpp"
#include "models/learner.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors {

struct training_memory;

/// What a process needs while one model is trained.
struct open_training_state {
  std::uint64_t run = 0;
  std::uint32_t generation = 0;
  models::model_options model;
  std::shared_ptr<const core::interactions> rows; ///< of all users that it learns from
  batches plan;
  core::parameter_layout layout;
  std::shared_ptr<training_memory> memory;
};

/// What a node is to its process.
struct node_options {
  bool detached_trainers = true; ///< each in a thread of its own
  std::string folder;            ///< for files of runs on other machines
  /// Called when the run does not want the process, with the reason.
  std::function<void(const std::string& reason)> turned_away = [](const auto&) {
  };
};

/// A process's part of the run: what is open, and which actors were started.
struct node_state {
  static constexpr const char* name = "node";

  process_services services;
  context_loader load;
  node_options options;
  std::shared_ptr<run_context> context;
  std::unique_ptr<open_training_state> training;
  std::vector<caf::strong_actor_ptr> roles; ///< of the present training

  /// Loads the run. Throws what the loader throws.
  messages::run_opened open(caf::actor_system& system,
                            const messages::open_run& request);

  /// Makes room for a training.
  void open(const messages::open_training& request);
};

/// Starts actors in this process on behalf of the run; there is one in each process,
/// the coordinator's included.
messages::node_actor::behavior_type
node(messages::node_actor::stateful_pointer<node_state> self,
     process_services services,
     context_loader load,
     node_options options);

/// Opens a training's bookkeeping for a context: also used where the initial weights
/// are made.
open_training_state make_training(run_context& context,
                                  const messages::open_training& request);

} // namespace souk::actors
