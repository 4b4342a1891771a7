#include "experiments/plan/plan.hpp"

#include "experiments/plan/plan_units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
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

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string blanks(width > text.size() ? width - text.size() : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f%%", 100 * share);
  return text;
}

std::string whole(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

/// Nodes down, methods across.
std::string table_of(const plan& made,
                     const std::string& title,
                     const std::function<std::string(const predicted_step&)>& cell) {
  std::vector<std::string> methods;
  for (const auto& each : made.steps)
    if (std::find(methods.begin(), methods.end(), each.method) == methods.end())
      methods.push_back(each.method);
  constexpr std::size_t width = 9;
  auto text = padded(title, 22, false);
  for (const auto& method : methods)
    text += "  " + padded(method, width, true);
  text += '\n';
  for (const auto nodes : made.request.nodes) {
    text += padded("  " + std::to_string(nodes) + (nodes == 1 ? " node" : " nodes")
                     + (nodes > nodes_checked_max ? " *" : ""),
                   22, false);
    for (const auto& method : methods)
      for (const auto& each : made.steps)
        if (each.method == method && each.nodes == nodes)
          text += "  " + padded(cell(each.step), std::max(width, method.size()), true);
    text += '\n';
  }
  return text + '\n';
}

std::string measured_text(const plan& made) {
  std::string text = "measured, " + made.model + ":\n";
  for (const auto& run : made.measured) {
    text += "  " + padded(name_of(run.method), 12, false) + "  "
            + std::to_string(run.processes)
            + (run.processes == 1 ? " process:   " : " processes: ")
            + seconds_text(run.step_seconds) + " a step, " + percent(run.wait_share)
            + " waiting, " + bytes_text(run.bytes) + " between processes, over "
            + std::to_string(run.steps) + " steps\n";
  }
  return text + '\n';
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
  json["per_byte"] = costs.carry_seconds_per_byte;
  json["per_round"] = costs.per_round;
  json["per_message"] = costs.per_message;
  json["abroad_factor"] = costs.abroad_factor;
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
  training_method method;
  const auto& consistency = training.consistency;
  if (consistency.kind == actors::consistency_kind::ssp)
    method.staleness = consistency.staleness;
  if (consistency.kind == actors::consistency_kind::local_sgd)
    method.period = consistency.period;
  if (training.compression.kind == models::compression_kind::top_k)
    method.fraction = training.compression.fraction;
  std::vector<training_method> methods{method};
  for (const auto compression : {packing::bf16, packing::top_k}) {
    methods.push_back(method);
    methods.back().compression = compression;
  }
  if (knows_by_item) {
    methods.push_back(method);
    methods.back().by_item = true;
  }
  for (const auto kind : {waiting::ssp, waiting::asp, waiting::local_sgd}) {
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
         + table_of(made, "step time",
                    [](const auto& step) { return seconds_text(step.seconds); })
         + table_of(made, "trainers wait",
                    [](const auto& step) { return percent(step.wait_share); })
         + table_of(made, "bytes, step and node",
                    [](const auto& step) { return bytes_text(step.node_bytes); })
         + table_of(made, "users a second",
                    [](const auto& step) { return whole(step.users_per_second); })
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
