#include "experiments/plan/plan.hpp"

#include "experiments/number_words.hpp"
#include "experiments/text_table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

cluster_shape shape_for(const plan_request& request, std::uint32_t nodes) {
  cluster_shape shape;
  shape.nodes = nodes;
  shape.machines = request.machines == 0 ? nodes : std::min(nodes, request.machines);
  shape.threads = request.threads;
  shape.cores = request.cores > 0 ? request.cores : request.threads;
  shape.bytes_per_second = request.bytes_per_second;
  shape.latency = request.latency;
  return shape;
}

/// Nodes down, methods across.
std::string by_nodes(const plan& made,
                     const std::string& title,
                     const std::function<std::string(const predicted_step&)>& cell) {
  crossed_table table;
  for (const auto& each : made.steps)
    table.add("  " + std::to_string(each.nodes) + (each.nodes == 1 ? " node" : " nodes")
                + (each.nodes > nodes_checked_max ? " *" : ""),
              each.method, cell(each.step));
  return table.text(title);
}

std::string measured_text(const plan& made) {
  std::vector<std::vector<std::string>> rows{
    {"measured, " + made.model, "step", "waiting", "between processes", "steps"}};
  for (const auto& run : made.measured)
    rows.push_back({"  " + name_of(run.method) + ", " + std::to_string(run.processes)
                      + (run.processes == 1 ? " process" : " processes"),
                    seconds_text(run.step_seconds), percent_text(run.wait_share),
                    bytes_text(run.bytes), std::to_string(run.steps)});
  return table_of(rows, 1) + '\n';
}

std::string notes_of(const plan& made) {
  const auto last = made.request.nodes.back();
  std::string text;
  if (last > nodes_checked_max)
    text += "* extrapolated: compared with real runs only up to "
            + std::to_string(nodes_checked_max) + " processes of one machine.\n";
  if (last > made.size.blocks)
    text += "bsp has work for " + std::to_string(made.size.blocks)
            + " trainers (training.blocks); other nodes only hold parameters.\n";
  text +=
    "ssp, asp and local_sgd take a batch of every node in a step, bsp one in all: "
    "compare users.\n";
  if (!made.costs.knows_by_item)
    text += "by_item was not measured, so nothing is said of it.\n";
  return text;
}

ordered_json json_of(const measured_run& run) {
  ordered_json json;
  json["method"] = name_of(run.method);
  json["nodes"] = run.processes;
  json["trainers"] = run.trainers;
  json["parameter_servers"] = run.servers;
  json["steps"] = run.steps;
  json["step_seconds"] = run.step_seconds;
  json["wait_share"] = run.wait_share;
  json["bytes_between_processes"] = run.bytes;
  return json;
}

ordered_json json_of(const planned_step& planned) {
  const auto& step = planned.step;
  ordered_json json;
  json["method"] = planned.method;
  json["nodes"] = planned.nodes;
  json["extrapolated"] = planned.nodes > nodes_checked_max;
  json["trainers"] = step.trainers;
  json["step_seconds"] = step.seconds;
  json["wait_share"] = step.wait_share;
  json["bytes_per_node"] = step.node_bytes;
  json["users_per_second"] = step.users_per_second;
  json["compute_seconds"] = step.compute_seconds;
  json["apply_seconds"] = step.apply_seconds;
  json["carry_seconds"] = step.carry_seconds;
  json["message_seconds"] = step.message_seconds;
  return json;
}

ordered_json json_of(const measured_costs& costs) {
  ordered_json json;
  json["per_user"] = costs.per_user;
  json["per_gradient"] = costs.per_gradient;
  json["per_parameter"] = costs.per_parameter;
  json["per_summed_parameter"] = costs.per_summed;
  json["per_step"] = costs.per_step;
  json["crowding"] = costs.crowding;
  json["per_byte"] = costs.carry_seconds_per_byte;
  json["per_round"] = costs.per_round;
  json["per_message"] = costs.per_message;
  json["per_encrypted_byte"] = costs.tls_seconds_per_byte;
  if (costs.knows_by_item) {
    json["item_trainer"] = costs.item_trainer;
    json["item_servers"] = costs.item_servers;
    json["item_rest"] = costs.item_rest;
  }
  return json;
}

} // namespace

std::vector<training_method> methods_for(const actors::training_options& training,
                                         bool knows_by_item) {
  auto method = method_of(training);
  method.consistency = consistency_kind::bsp;
  method.compression = compression_kind::none;
  method.by_item = false;
  std::vector<training_method> methods{method};
  for (const auto compression : {compression_kind::bf16, compression_kind::top_k}) {
    methods.push_back(method);
    methods.back().compression = compression;
  }
  if (knows_by_item) {
    methods.push_back(method);
    methods.back().by_item = true;
  }
  for (const auto kind :
       {consistency_kind::ssp, consistency_kind::asp, consistency_kind::local_sgd}) {
    methods.push_back(method);
    methods.back().consistency = kind;
  }
  return methods;
}

plan make_plan(const experiment& options,
               const training_size& size,
               const std::vector<measured_run>& measured,
               const plan_request& request) {
  plan made;
  made.model = options.model->name;
  made.request = request;
  made.size = size;
  made.measured = measured;
  made.costs = costs_of(size, measured);
  for (const auto& method : methods_for(options.training, made.costs.knows_by_item))
    for (const auto nodes : request.nodes)
      made.steps.push_back(
        {name_of(method), nodes,
         predict(size, made.costs, method, shape_for(request, nodes))});
  return made;
}

std::string text_of(const plan& made) {
  return measured_text(made)
         + by_nodes(made, "step time",
                    [](const auto& step) { return seconds_text(step.seconds); })
         + by_nodes(made, "trainers wait",
                    [](const auto& step) { return percent_text(step.wait_share); })
         + by_nodes(made, "bytes, step and node",
                    [](const auto& step) { return bytes_text(step.node_bytes); })
         + by_nodes(made, "users a second",
                    [](const auto& step) { return rate_text(step.users_per_second); })
         + notes_of(made);
}

std::string to_json(const plan& made) {
  ordered_json json;
  json["schema"] = 1;
  json["model"] = made.model;
  json["bytes_per_second"] = made.request.bytes_per_second;
  json["latency_seconds"] = made.request.latency;
  json["machines"] = made.request.machines;
  json["cores"] = made.request.cores;
  json["threads_per_trainer"] = made.request.threads;
  json["blocks"] = made.size.blocks;
  json["parameters"] = made.size.parameters;
  json["checked_nodes_max"] = nodes_checked_max;
  json["costs"] = json_of(made.costs);
  json["measured"] = ordered_json::array();
  for (const auto& run : made.measured)
    json["measured"].push_back(json_of(run));
  json["steps"] = ordered_json::array();
  for (const auto& step : made.steps)
    json["steps"].push_back(json_of(step));
  return json.dump(2) + '\n';
}

} // namespace souk::experiments
