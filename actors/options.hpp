#pragma once

#include "core/network_address.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::actors {

/// When trained weights are tried on the validation users.
struct validation_options {
  std::string metric = "ndcg@100";
  std::uint32_t every_epochs = 1;
  /// Validations without a new best before training stops; nothing: all epochs run.
  std::optional<std::uint32_t> patience = 10;
};

struct checkpoint_options {
  std::uint64_t every_steps = 200;
  std::uint32_t keep = 2;
};

/// Where parameters are, and hence in which order sums over items are made.
enum class placement_kind : std::uint8_t {
  by_range, ///< servers have ranges of the arena; trainers compute
  by_item,  ///< servers have ranges of items, and compute their part of each step
};

/// The `training.placement:` block.
struct placement_options {
  placement_kind kind = placement_kind::by_range;
  std::uint32_t ranges = 16; ///< by_item: of items, a power of two
};

/// When what workers compute is seen by others.
enum class consistency_kind : std::uint8_t {
  bsp,       ///< a step at a time: all read the same version, and wait for all
  ssp,       ///< workers take batches of their own and may be so many clocks ahead
  asp,       ///< the same without a limit: gradients count as they come
  local_sgd, ///< replicas train by themselves and are averaged now and then
};

/// The `training.consistency:` block. Workers are part of the answer, not of the
/// cluster: they are logical, and trainers serve them.
struct consistency_options {
  consistency_kind kind = consistency_kind::bsp;
  std::uint32_t workers = 1; ///< ssp, asp: each has its own batch; local_sgd: replicas
  std::uint64_t staleness = 0; ///< ssp, in clocks
  std::uint32_t period = 1;    ///< local_sgd: steps of a replica between two averages
  models::nesterov_options outer; ///< local_sgd: follows the average

  /// Whether servers change parameters only when nobody reads them: all workers wait
  /// for each other at the end of every clock.
  bool in_lockstep() const {
    return kind == consistency_kind::bsp || kind == consistency_kind::local_sgd;
  }

  /// Whether the file alone decides what comes out; else it is the order in which
  /// gradients are read and applied, which is logged.
  bool has_one_answer() const {
    return in_lockstep() || workers == 1
           || (kind == consistency_kind::ssp && staleness == 0);
  }
};

/// The `training:` block of an experiment: all of it changes the answer.
struct training_options {
  std::uint32_t epochs = 40;
  std::uint32_t batch_users = 500;
  std::uint32_t blocks = 4; ///< a power of two; see `most_trainers`
  models::adam_options optimiser;
  models::precision precision = models::precision::fp32; ///< of the decoder's products
  consistency_options consistency;
  models::compression_options compression;
  placement_options placement;
  validation_options validate;
  checkpoint_options checkpoint;
};

/// A machine that may take part in a run: `souk node` runs there.
struct node_description {
  std::string address;     ///< numeric: what the node listens at
  std::uint32_t slots = 1; ///< processes that it is expected to bring
};

/// A cluster of nodes that somebody else starts: the file of `souk run --cluster`.
struct node_cluster {
  static constexpr std::uint16_t ports_above = 2; ///< that are taken with `listen`

  core::network_address listen;        ///< where nodes join
  std::string certificates;            ///< folder of this process's credentials
  std::vector<node_description> nodes; ///< nobody else is let in
  std::uint32_t begin_with = 0;        ///< slots; the run begins when so many are there

  /// Where tensors are served.
  std::uint16_t tensors_port() const {
    return static_cast<std::uint16_t>(listen.port + 1);
  }

  /// Where the run can be asked for its status.
  std::uint16_t status_port() const {
    return static_cast<std::uint16_t>(listen.port + 2);
  }
};

/// The `cluster:` block: how, never what. Results do not depend on it.
struct cluster_options {
  std::uint32_t processes = 1;
  std::uint32_t trainers = 1;
  std::uint32_t threads_per_trainer = 1;
  std::uint32_t parameter_servers = 1;
  std::uint32_t data_shards = 1;
  /// Whether tensors between processes of a machine travel in shared memory; else all
  /// travel over TCP.
  bool shared_memory = true;
  std::optional<node_cluster> nodes; ///< instead of `processes`
};

} // namespace souk::actors
