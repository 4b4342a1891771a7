#include "experiments/plan/cost_model.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace souk::experiments {

namespace {

constexpr double float_bytes = 4;
constexpr double half_bytes = 2;
/// A hundredth of a matrix's elements (models/packed_gradient.hpp).
constexpr double single_element_bytes = 5.3;
/// `cluster.parameter_servers` is no more.
constexpr std::uint32_t servers_max = 256;
/// A ticket, the request for its bytes, the bytes, an answer.
constexpr double messages_per_round = 4;
/// By row: a softmax (three doubles) and a scale (two), models/item_messages.hpp.
constexpr double row_numbers_bytes = 24 + 16;
/// By row, on its way to an owner: where it begins, its value.
constexpr double row_head_bytes = 8 + 4;

bool waits_for_servers(const training_method& method) {
  return method.consistency == consistency_kind::bsp
         || method.consistency == consistency_kind::local_sgd
         || (method.consistency == consistency_kind::ssp && method.staleness == 0);
}

/// Users whose gradient a trainer computes in a step, on average.
double users_of_trainer(const training_size& size,
                        const training_method& method,
                        std::uint32_t trainers) {
  const double users = size.batch_users;
  return method.consistency == consistency_kind::bsp ? users / trainers : users;
}

/// What the largest of so many parts is of the whole: runs of blocks and of ranges of
/// items are powers of two, so that of three one is a half (core/gradient.hpp,
/// `runs_of_blocks`).
double largest_part(std::uint32_t count) {
  auto parts = 1U;
  while (2 * parts <= count)
    parts *= 2;
  return 1.0 / parts;
}

/// The same of the trainer with most.
double users_at_most(const training_size& size,
                     const training_method& method,
                     std::uint32_t trainers) {
  const double users = size.batch_users;
  return method.consistency == consistency_kind::bsp ? users * largest_part(trainers)
                                                     : users;
}

/// Bytes of what a trainer pushes in a step, wherever the servers are.
double pushed_bytes(const training_size& size,
                    const training_method& method,
                    std::uint32_t trainers) {
  if (method.consistency == consistency_kind::local_sgd)
    return float_bytes * static_cast<double>(size.parameters) / method.period;
  const auto users = users_of_trainer(size, method, trainers);
  if (method.compression == compression_kind::none)
    return float_bytes * size.gradient_floats(users);
  // Blocks travel one by one.
  const auto users_of_block = static_cast<double>(size.batch_users) / size.blocks;
  const auto blocks = users / users_of_block;
  const auto floats = blocks * size.gradient_floats(users_of_block);
  return method.compression == compression_kind::bf16
           ? half_bytes * floats
           : single_element_bytes * method.fraction * floats;
}

double pulled_bytes(const training_size& size, const training_method& method) {
  const auto all = float_bytes * static_cast<double>(size.parameters);
  return method.consistency == consistency_kind::local_sgd ? all / method.period : all;
}

/// Owners that are not in the trainer's process: it has the last one of as many owners
/// as there are nodes.
double remote_owners(const training_size& size,
                     const training_method& method,
                     std::uint32_t nodes) {
  const auto owners = servers_of(size, method, nodes);
  return owners == nodes ? owners - 1.0 : owners;
}

/// Matrices of [users, first layer] and [users, last hidden layer] go there and back.
step_bytes bytes_by_item(const training_size& size,
                         const training_method& method,
                         std::uint32_t nodes) {
  const double users = size.batch_users;
  const auto owners = static_cast<double>(servers_of(size, method, nodes));
  const auto remote = remote_owners(size, method, nodes);
  const auto first = float_bytes * users * static_cast<double>(size.first_row);
  const auto last = float_bytes * users * static_cast<double>(size.last_width);
  // Every owner gets the rows of its own items, and a head of each row.
  const auto rows =
    users * (float_bytes * size.items_per_user / owners + row_head_bytes);
  step_bytes bytes;
  bytes.pushed_out = remote * (rows + first + last + 16 * users);
  bytes.pushed_offered = remote * rows + first + last + 16 * users;
  bytes.pulled_in = remote * (first + last + (row_numbers_bytes - 16) * users);
  return bytes;
}

/// A phase moves so many bytes in and out of a node.
struct phase_cost {
  double seconds = 0;
  double cpu_seconds = 0; ///< of the node
};

/// The share of a node's peers that are on other machines.
double share_abroad(const cluster_shape& cluster) {
  if (cluster.machines <= 1 || cluster.nodes <= 1)
    return 0;
  const double nodes = cluster.nodes;
  return (nodes - nodes / cluster.machines) / (nodes - 1);
}

phase_cost carried(double in,
                   double out,
                   double offered,
                   const measured_costs& costs,
                   const cluster_shape& cluster) {
  const auto abroad = share_abroad(cluster);
  phase_cost cost;
  cost.cpu_seconds = costs.carry_seconds_per_byte * (1 - abroad) * (in + offered)
                     + costs.tls_seconds_per_byte * abroad * (in + out);
  cost.seconds = cost.cpu_seconds;
  if (abroad == 0)
    return cost;
  // Nodes of one machine share its link, and need none among themselves.
  const auto per_machine = static_cast<double>(cluster.nodes) / cluster.machines;
  const auto link = std::max(in, out) * per_machine * abroad / cluster.bytes_per_second;
  cost.seconds = std::max(cost.cpu_seconds, link);
  return cost;
}

double nodes_per_machine(const cluster_shape& cluster) {
  return std::ceil(static_cast<double>(cluster.nodes) / cluster.machines);
}

double crowding_of(const measured_costs& costs, const cluster_shape& cluster) {
  return nodes_per_machine(cluster) > 1 ? costs.crowding : 1.0;
}

double seconds_of_messages(const step_messages& messages,
                           const measured_costs& costs,
                           const cluster_shape& cluster) {
  const auto distance = cluster.machines > 1 ? cluster.latency : 0;
  return messages.latencies * distance + messages.rounds * costs.per_round
         + costs.per_message * (messages.at_node + messages.relayed);
}

predicted_step predict_by_item(const training_size& size,
                               const measured_costs& costs,
                               const training_method& method,
                               const cluster_shape& cluster) {
  core::expects(costs.knows_by_item, "by_item is predicted from what was measured");
  const auto owners = static_cast<double>(servers_of(size, method, cluster.nodes));
  const auto bytes = bytes_of(size, method, cluster.nodes);
  // The trainer has the threads of all, as far as its machine has cores for them.
  const auto threads = std::max(
    1.0, std::min(cluster.cores, static_cast<double>(cluster.nodes) * cluster.threads));
  const auto crowding = crowding_of(costs, cluster);
  const auto of_trainer = crowding * costs.item_trainer;
  const auto of_servers = crowding * costs.item_servers;
  predicted_step step;
  step.trainers = 1;
  step.node_bytes = bytes.all();
  step.compute_seconds = of_trainer / threads;
  step.apply_seconds = of_servers
                       * largest_part(servers_of(size, method, cluster.nodes))
                       / cluster.threads;
  // There and back take turns.
  const auto there = carried(0, bytes.pushed_out, bytes.pushed_offered, costs, cluster);
  const auto back = carried(bytes.pulled_in, 0, 0, costs, cluster);
  step.carry_seconds = there.seconds + back.seconds;
  step.message_seconds =
    seconds_of_messages(messages_of(size, method, cluster.nodes), costs, cluster);
  const auto path = costs.item_rest + step.compute_seconds + step.apply_seconds
                    + step.carry_seconds + step.message_seconds;
  // Of the trainer's machine; every byte has an owner's end, too.
  const auto here = nodes_per_machine(cluster);
  const auto owners_here = std::min(here, owners);
  const auto carried_here = there.cpu_seconds + back.cpu_seconds;
  const auto work =
    of_trainer + of_servers * owners_here / owners
    + carried_here * (1 + (here - 1) / std::max(1.0, cluster.nodes - 1.0));
  step.seconds = std::max(path, work / cluster.cores);
  step.wait_share = 1 - step.compute_seconds / step.seconds;
  step.users_per_second = size.batch_users / step.seconds;
  return step;
}

} // namespace

std::string name_of(const training_method& method) {
  static constexpr const char* names[] = {"bsp", "ssp", "asp", "local_sgd"};
  std::string name = names[static_cast<std::size_t>(method.consistency)];
  if (method.by_item)
    return name + " by_item";
  if (method.compression == compression_kind::bf16)
    return name + ", bf16";
  if (method.compression == compression_kind::top_k)
    return name + ", top_k";
  return name;
}

double training_size::touched_items(double users) const {
  double touched = 0;
  for (const auto share : item_shares)
    touched += 1 - std::pow(1 - share, users);
  return touched;
}

double training_size::gradient_floats(double users) const {
  const auto first = static_cast<double>(num_items * first_row);
  return static_cast<double>(parameters) - first
         + touched_items(users) * static_cast<double>(first_row);
}

std::uint32_t trainers_of(const training_size& size,
                          const training_method& method,
                          std::uint32_t nodes) {
  if (method.by_item)
    return 1;
  if (method.consistency != consistency_kind::bsp)
    return nodes;
  return std::min(nodes, size.blocks);
}

std::uint32_t servers_of(const training_size& size,
                         const training_method& method,
                         std::uint32_t nodes) {
  return std::min(nodes, method.by_item ? size.item_ranges : servers_max);
}

step_messages messages_of(const training_size& size,
                          const training_method& method,
                          std::uint32_t nodes) {
  step_messages messages;
  if (nodes <= 1)
    return messages;
  const auto hops = nodes > 2 ? 2.0 : 1.0; // through the leader
  // A round: a ticket, a request and its bytes, an answer.
  const auto per_round = 2 * hops + 2;
  if (method.by_item) {
    messages.rounds = 4; // the first layer, the logits, back, the update
    messages.latencies = messages.rounds * per_round;
    messages.at_node =
      messages.rounds * messages_per_round * remote_owners(size, method, nodes);
    return messages; // the trainer is the leader's
  }
  const double trainers = trainers_of(size, method, nodes);
  const double servers = servers_of(size, method, nodes);
  const auto per_step =
    method.consistency == consistency_kind::local_sgd ? 1.0 / method.period : 1.0;
  // Gradients with their answers; parameters with theirs, in lockstep in the same.
  messages.rounds = 2 * per_step;
  messages.latencies = messages.rounds * per_round;
  messages.at_node =
    messages.rounds * messages_per_round * (std::max(trainers, servers) - 1);
  // Two of a round's messages are CAF's, and each pair of others' goes by the leader.
  messages.relayed = per_step * 2 * std::max(0.0, (trainers - 1) * (servers - 2));
  return messages;
}

step_bytes bytes_of(const training_size& size,
                    const training_method& method,
                    std::uint32_t nodes) {
  if (nodes <= 1)
    return {};
  if (method.by_item)
    return bytes_by_item(size, method, nodes);
  const double trainers = trainers_of(size, method, nodes);
  const double servers = servers_of(size, method, nodes);
  const auto pushed = pushed_bytes(size, method, trainers_of(size, method, nodes));
  const auto pulled = pulled_bytes(size, method);
  // A trainer has one server beside it; a server has one trainer.
  step_bytes bytes;
  bytes.pushed_out = pushed * (servers - 1) / servers;
  bytes.pulled_in = pulled * (servers - 1) / servers;
  bytes.pushed_in = pushed / servers * (trainers - 1);
  bytes.pulled_out = pulled / servers * (trainers - 1);
  bytes.pushed_offered = bytes.pushed_out;
  bytes.pulled_offered = trainers > 1 ? pulled / servers : 0;
  return bytes;
}

predicted_step predict(const training_size& size,
                       const measured_costs& costs,
                       const training_method& method,
                       const cluster_shape& cluster) {
  if (method.by_item)
    return predict_by_item(size, costs, method, cluster);
  const auto trainers = trainers_of(size, method, cluster.nodes);
  const double servers = servers_of(size, method, cluster.nodes);
  const auto bytes = bytes_of(size, method, cluster.nodes);
  const auto push =
    carried(bytes.pushed_in, bytes.pushed_out, bytes.pushed_offered, costs, cluster);
  const auto pull =
    carried(bytes.pulled_in, bytes.pulled_out, bytes.pulled_offered, costs, cluster);
  const double parameters = static_cast<double>(size.parameters);
  const auto is_local = method.consistency == consistency_kind::local_sgd;
  const auto apart = method.consistency != consistency_kind::bsp && !is_local;

  // Seconds of one thread, by node.
  const auto crowding = crowding_of(costs, cluster);
  const auto gradient_of = [&](double users) {
    return crowding * (costs.per_gradient + costs.per_user * users);
  };
  const auto gradient = gradient_of(users_of_trainer(size, method, trainers));
  const auto longest = gradient_of(users_at_most(size, method, trainers));
  // Under bsp a server takes one step with all partial sums; apart, one for each
  // worker; under local SGD replicas have optimisers, and servers average.
  const auto own_optimiser =
    is_local ? crowding * (costs.per_parameter + costs.per_summed) * parameters : 0.0;
  const auto one_step =
    crowding
    * (costs.per_parameter
       + costs.per_summed * (apart ? 1.0 : static_cast<double>(trainers)));
  const auto server = parameters / servers * one_step
                      * (apart ? static_cast<double>(trainers) : 1.0)
                      / (is_local ? method.period : 1.0);
  // Who reads apart from the others gets a copy.
  const auto copying =
    apart ? costs.carry_seconds_per_byte * float_bytes * parameters : 0.0;

  predicted_step step;
  step.trainers = trainers;
  step.node_bytes = bytes.all();
  step.compute_seconds = (longest + own_optimiser) / cluster.threads;
  step.apply_seconds = server / cluster.threads;
  step.carry_seconds = push.seconds + pull.seconds + copying;
  step.message_seconds =
    seconds_of_messages(messages_of(size, method, cluster.nodes), costs, cluster);
  const auto own =
    costs.per_step + step.compute_seconds + step.carry_seconds + step.message_seconds;
  // In lockstep a trainer waits for the servers; else they work beside it.
  const auto path = waits_for_servers(method) ? own + step.apply_seconds
                                              : std::max(own, step.apply_seconds);
  const auto here = nodes_per_machine(cluster);
  const auto trainers_here = std::min<double>(here, trainers);
  const auto servers_here = std::min(here, servers);
  const auto work =
    trainers_here * (gradient + own_optimiser + copying) + servers_here * server
    + std::max(trainers_here, servers_here) * (push.cpu_seconds + pull.cpu_seconds);
  step.seconds = std::max(path, work / cluster.cores);
  step.wait_share = 1 - (gradient + own_optimiser) / cluster.threads / step.seconds;
  const auto batches = method.consistency == consistency_kind::bsp ? 1.0 : trainers;
  step.users_per_second = batches * size.batch_users / step.seconds;
  return step;
}

} // namespace souk::experiments
