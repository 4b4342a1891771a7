#pragma once

#include "actors/messages/bulk.hpp"
#include "actors/messages/by_item.hpp"
#include "actors/messages/files.hpp"
#include "actors/messages/simulation.hpp"
#include "actors/messages/training.hpp"

#include <map>
#include <string>
#include <vector>

namespace souk::messages {

/// Opens a run in a process: everything else follows from the file.
struct open_run {
  std::uint32_t process = 0;      ///< the number that it gets; 0 is the coordinator's
  std::string configuration;      ///< the resolved experiment file
  std::string directory;          ///< the run's, where the process sees it; else empty
  file_cabinet_actor cabinet;     ///< has the run's files for those who do not see it
  core::bulk_address coordinator; ///< where the cabinet's bytes are fetched
};

/// Answers `open_run`.
struct run_opened {
  std::map<std::string, std::string> platform; ///< numeric platform of the process
};

/// Tells a process where the tensors of all can be fetched: by process number. Numbers
/// of processes that are gone have no address. Said again whenever somebody was
/// replaced.
struct meet_processes {
  std::vector<core::bulk_address> bulk;
};

/// Asks for a sign of life.
struct are_you_there {};

/// Makes room for training one of the file's models.
struct open_training {
  std::uint64_t run = 0;        ///< number that all tickets of this training carry
  std::uint32_t model = 0;      ///< among the file's models with a learner
  std::uint32_t generation = 0; ///< of the membership that trains
  /// File of the run with rows of further users, who come after the training users;
  /// empty: there are none.
  std::string further_rows;
};

struct start_data_shard {
  std::uint32_t index = 0;
  std::uint32_t count = 0;
};

struct start_parameter_server {
  std::uint32_t index = 0;
  std::uint32_t count = 0;
  std::uint32_t trainers = 1; ///< how many divide the work
  std::uint32_t threads = 1;
};

struct start_trainer {
  std::uint32_t index = 0;
  std::uint32_t trainers = 1; ///< how many divide the work
  std::uint32_t threads = 1;
  std::vector<data_shard_actor> shards;
  std::vector<parameter_server_actor> servers; ///< by range
  coordinator_actor coordinator;
};

/// Starts owner `index` of `count` of the file's ranges of items.
struct start_item_server {
  std::uint32_t index = 0;
  std::uint32_t count = 0;
  std::uint32_t threads = 1;
};

/// Starts the server of the layers between items', which comes after all owners.
struct start_middle_server {
  std::uint32_t index = 0; ///< the number of owners
  std::uint32_t threads = 1;
};

struct start_item_trainer {
  std::uint32_t threads = 1;
  std::vector<data_shard_actor> shards;
  std::vector<item_server_actor> owners; ///< by ranges
  parameter_server_actor middle;
  coordinator_actor coordinator;
};

struct start_user_cohort {
  std::uint32_t cohort = 0;
  std::uint32_t world = 0;
  std::string policy;
};

/// Loads a policy's retrained model, so that cohorts can use it.
struct load_policy {
  std::string policy;
  std::uint32_t world = 0;
  std::uint32_t version = 0;
};

/// Tells a process that it cannot take part: another numeric platform, for instance.
struct turn_away {
  std::string reason;
};

/// Ends the present training: its actors are gone, its memory is free.
struct close_training {};

/// Says that something asked for was done.
struct node_done {};

/// A process's agent: starts actors there on behalf of the run.
using node_actor = caf::typed_actor<
  // All fail with `failed` and the text of what broke, or `not_ready` out of order.
  caf::replies_to<open_run>::with<run_opened>,
  caf::replies_to<meet_processes>::with<node_done>,
  caf::replies_to<are_you_there>::with<node_done>,
  caf::replies_to<get_unreachable>::with<unreachable_processes>,
  caf::replies_to<open_training>::with<node_done>,
  caf::replies_to<start_data_shard>::with<data_shard_actor>,
  caf::replies_to<start_parameter_server>::with<parameter_server_actor>,
  caf::replies_to<start_trainer>::with<trainer_actor>,
  caf::replies_to<start_item_server>::with<item_server_actor>,
  caf::replies_to<start_middle_server>::with<parameter_server_actor>,
  caf::replies_to<start_item_trainer>::with<trainer_actor>,
  caf::replies_to<start_user_cohort>::with<user_cohort_actor>,
  caf::replies_to<load_policy>::with<node_done>,
  caf::replies_to<close_training>::with<node_done>,
  caf::replies_to<turn_away>::with<node_done>>;

/// A process presents itself to a run.
struct join_run {
  std::string version;          ///< souk's
  std::uint32_t process_id = 0; ///< the operating system's
  node_actor node;
  core::bulk_address bulk; ///< where its tensors can be fetched
};

/// Where nodes present themselves.
using gate_actor = caf::typed_actor<
  // Fails with `incompatible_node` for another version of souk, or an address that the
  // cluster's file does not name.
  caf::replies_to<join_run>::with<node_done>>;

template <class Inspector>
auto inspect(Inspector& f, open_run& x) {
  return f(caf::meta::type_name("open_run"), x.process, x.configuration, x.directory,
           x.cabinet, x.coordinator);
}

template <class Inspector>
auto inspect(Inspector& f, run_opened& x) {
  return f(caf::meta::type_name("run_opened"), x.platform);
}

template <class Inspector>
auto inspect(Inspector& f, meet_processes& x) {
  return f(caf::meta::type_name("meet_processes"), x.bulk);
}

template <class Inspector>
auto inspect(Inspector& f, are_you_there&) {
  return f(caf::meta::type_name("are_you_there"));
}

template <class Inspector>
auto inspect(Inspector& f, open_training& x) {
  return f(caf::meta::type_name("open_training"), x.run, x.model, x.generation,
           x.further_rows);
}

template <class Inspector>
auto inspect(Inspector& f, start_data_shard& x) {
  return f(caf::meta::type_name("start_data_shard"), x.index, x.count);
}

template <class Inspector>
auto inspect(Inspector& f, start_parameter_server& x) {
  return f(caf::meta::type_name("start_parameter_server"), x.index, x.count, x.trainers,
           x.threads);
}

template <class Inspector>
auto inspect(Inspector& f, start_trainer& x) {
  return f(caf::meta::type_name("start_trainer"), x.index, x.trainers, x.threads,
           x.shards, x.servers, x.coordinator);
}

template <class Inspector>
auto inspect(Inspector& f, start_item_server& x) {
  return f(caf::meta::type_name("start_item_server"), x.index, x.count, x.threads);
}

template <class Inspector>
auto inspect(Inspector& f, start_middle_server& x) {
  return f(caf::meta::type_name("start_middle_server"), x.index, x.threads);
}

template <class Inspector>
auto inspect(Inspector& f, start_item_trainer& x) {
  return f(caf::meta::type_name("start_item_trainer"), x.threads, x.shards, x.owners,
           x.middle, x.coordinator);
}

template <class Inspector>
auto inspect(Inspector& f, start_user_cohort& x) {
  return f(caf::meta::type_name("start_user_cohort"), x.cohort, x.world, x.policy);
}

template <class Inspector>
auto inspect(Inspector& f, load_policy& x) {
  return f(caf::meta::type_name("load_policy"), x.policy, x.world, x.version);
}

template <class Inspector>
auto inspect(Inspector& f, turn_away& x) {
  return f(caf::meta::type_name("turn_away"), x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, close_training&) {
  return f(caf::meta::type_name("close_training"));
}

template <class Inspector>
auto inspect(Inspector& f, node_done&) {
  return f(caf::meta::type_name("node_done"));
}

template <class Inspector>
auto inspect(Inspector& f, join_run& x) {
  return f(caf::meta::type_name("join_run"), x.version, x.process_id, x.node, x.bulk);
}

} // namespace souk::messages
