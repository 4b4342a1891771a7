#pragma once

#include "actors/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What a step of training costs on a cluster that is not there: a model with few
/// parameters, measured in short runs (`profile.hpp`) but for two, which say so below.
///
/// - A message of m bytes takes latency + m / bandwidth (Hockney, "The communication
///   challenge for MPP", Parallel Computing 20, 1994). Links are full duplex, between
///   all machines alike, and nobody else uses them.
/// - A byte costs its processor `carry_seconds_per_byte`: in shared memory once where
/// it
///   is offered, however many read it, and once for each reader; by range nothing is
///   copied there, but what one processor wrote another reads. Between machines
///   encrypting and sending it, or the reverse, costs `tls_seconds_per_byte` at each
///   end of every transfer. The link is at work meanwhile: of both times the longer one
///   counts.
/// - Where several nodes of a machine compute, all take `crowding` times as long: they
///   share its clock, its caches and its memory.
/// - Machines are alike and steady: nobody is slow, and there is no jitter.
/// - What is done one after another adds up to a path; a step takes its longest path,
///   or all the work of the busiest machine over its cores, whichever is longer.
namespace souk::experiments {

using actors::consistency_kind;
using models::compression_kind;

/// How workers wait, where parameters are, and what gradients are packed in.
struct training_method {
  consistency_kind consistency = consistency_kind::bsp;
  bool by_item = false; ///< bsp without packing only
  compression_kind compression = compression_kind::none;
  std::uint64_t staleness = 1; ///< ssp, in clocks
  std::uint32_t period = 16;   ///< local_sgd: steps between two averages
  double fraction = 0.01;      ///< top_k: of the elements of a block's gradient
};

/// Returns "bsp", "ssp, top_k", "bsp by_item": a method's name in tables and charts.
std::string name_of(const training_method& method);

/// A training as far as its costs go.
struct training_size {
  std::uint32_t batch_users = 0; ///< of a step of one worker
  std::uint32_t blocks = 1;      ///< of a batch: the most trainers that can share it
  std::uint32_t item_ranges = 1; ///< by_item: the most owners
  std::uint64_t parameters = 0;  ///< floats
  std::uint64_t first_row = 0;   ///< floats of an item's row in the first layer
  std::uint64_t last_width = 0;  ///< floats of a user's row before the last layer
  std::uint64_t num_items = 0;
  double items_per_user = 0;
  /// By item, the share of users who have it and whose input keeps it: [num_items].
  std::vector<double> item_shares;

  /// Expected rows of the first layer that the gradient of so many users touches.
  double touched_items(double users) const;

  /// Floats of the gradient of so many users: everything, but of the first layer only
  /// the touched rows.
  double gradient_floats(double users) const;
};

/// What things cost, in seconds of one thread unless it says otherwise.
struct measured_costs {
  double per_user = 0;      ///< of a gradient, for each of its users
  double per_gradient = 0;  ///< of a gradient, whatever its users
  double per_parameter = 0; ///< of the optimiser, for each parameter of a step
  double per_summed = 0;    ///< of the tree, for each parameter of each partial sum
  double per_step = 0;      ///< what else a step takes, wall clock
  double crowding = 1;      ///< of work, where several nodes share a machine
  double carry_seconds_per_byte = 0;
  /// A processor encrypts and sends some 2.4 GB a second, between what a Xeon (1.9) and
  /// a Zen 5 (4.3) moved at 100 MB (docs/performance.md). Not measured anew.
  double tls_seconds_per_byte = 0.41e-9;
  double per_round = 0; ///< of a question and its answer between two processes, beside
                        ///< the link's latency, wall clock
  /// Of a control message, at each node that has to do with it. Not measured: what two
  /// processes do cannot tell it from `per_round`.
  double per_message = 10e-6;

  bool knows_by_item = false; ///< whether the following were measured
  double item_trainer = 0;    ///< of a step, between the items' layers
  double item_servers = 0;    ///< of a step, all owners together
  double item_rest = 0;       ///< what else a step takes, wall clock
};

/// The cluster that is asked about. A node is a process; each has a trainer and a
/// server, as far as there is work for them.
struct cluster_shape {
  std::uint32_t nodes = 1;
  std::uint32_t machines = 1;  ///< that nodes are spread over; at most `nodes`
  double cores = 1;            ///< of each machine
  std::uint32_t threads = 1;   ///< of each trainer
  double bytes_per_second = 0; ///< of a machine's link, each way
  double latency = 0;          ///< seconds, one way
};

/// What a step will be like.
struct predicted_step {
  double seconds = 0;
  double wait_share = 0; ///< of a trainer's time: neither gradient nor own optimiser
  double node_bytes = 0; ///< that come to and leave the busiest node
  double users_per_second = 0; ///< of all workers together
  std::uint32_t trainers = 0;  ///< that have work

  double compute_seconds = 0; ///< on the path: gradients
  double apply_seconds = 0;   ///< optimiser and tree
  double carry_seconds = 0;   ///< bytes
  double message_seconds = 0; ///< latencies and messages
};

/// Predicts a step: one batch under bsp; elsewhere a batch of each of `nodes` workers.
/// by_item must have been measured.
predicted_step predict(const training_size& size,
                       const measured_costs& costs,
                       const training_method& method,
                       const cluster_shape& cluster);

/// Rounds (a ticket, the request for its bytes, the bytes, an answer) and latencies on
/// the path of a step, messages that the busiest node handles in it, and what the
/// leader passes on: all messages between two other nodes go through it.
struct step_messages {
  double rounds = 0;
  double latencies = 0;
  double at_node = 0;
  double relayed = 0;
};

step_messages messages_of(const training_size& size,
                          const training_method& method,
                          std::uint32_t nodes);

/// Bytes that cross the borders of the busiest node in a step.
struct step_bytes {
  double pushed_out = 0; ///< gradients, as a trainer
  double pushed_in = 0;  ///< gradients, as a server
  double pulled_in = 0;  ///< parameters, as a trainer
  double pulled_out = 0; ///< parameters, as a server

  /// Of what goes out, each byte once, however many get it.
  double pushed_offered = 0;
  double pulled_offered = 0;

  double all() const {
    return pushed_out + pushed_in + pulled_in + pulled_out;
  }
};

/// by_item: what the trainer's node sends counts as pushed, what it gets as pulled.
step_bytes
bytes_of(const training_size& size, const training_method& method, std::uint32_t nodes);

/// Trainers and servers that have work on so many nodes.
std::uint32_t trainers_of(const training_size& size,
                          const training_method& method,
                          std::uint32_t nodes);
std::uint32_t servers_of(const training_size& size,
                         const training_method& method,
                         std::uint32_t nodes);

} // namespace souk::experiments
