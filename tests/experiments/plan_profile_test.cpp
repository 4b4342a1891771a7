#include "experiments/plan/plan.hpp"
#include "tests/experiments/refusals.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

training_size some_size() {
  training_size size;
  size.batch_users = 100;
  size.blocks = 4;
  size.item_ranges = 16;
  size.num_items = 500;
  size.first_row = 40;
  size.last_width = 40;
  size.parameters = 50000;
  size.items_per_user = 10;
  size.item_shares.assign(500, 0.01);
  return size;
}

measured_costs true_costs() {
  measured_costs costs;
  costs.per_user = 2e-4;
  costs.per_gradient = 1e-3;
  costs.per_parameter = 3e-8;
  costs.per_summed = 1e-8;
  costs.per_step = 2e-3;
  costs.crowding = 1.25;
  costs.carry_seconds_per_byte = 1e-8;
  costs.per_round = 4e-4;
  costs.knows_by_item = true;
  costs.item_trainer = 6e-3;
  costs.item_servers = 14e-3;
  costs.item_rest = 1e-3;
  return costs;
}

/// A run that takes exactly what the model says.
measured_run run_of(bool by_item, std::uint32_t processes) {
  const auto size = some_size();
  const auto costs = true_costs();
  measured_run run;
  run.run = "a run";
  run.method.by_item = by_item;
  run.processes = run.trainers = run.servers = processes;
  cluster_shape shape;
  shape.nodes = processes;
  shape.cores = 100;
  const auto step = predict(size, costs, run.method, shape);
  run.step_seconds = step.seconds;
  const auto crowding = processes > 1 ? costs.crowding : 1.0;
  run.compute_seconds =
    crowding
    * (by_item ? costs.item_trainer
               : processes * costs.per_gradient + 100 * costs.per_user);
  run.server_seconds =
    crowding
    * (by_item ? costs.item_servers
               : 50000 * (costs.per_parameter + processes * costs.per_summed));
  return run;
}

std::vector<measured_run> all_runs() {
  return {run_of(false, 1), run_of(false, 2), run_of(true, 1), run_of(true, 2)};
}

} // namespace

TEST_CASE("costs are found again from runs that have them", "[experiments][plan]") {
  const auto costs = costs_of(some_size(), all_runs());
  const auto wanted = true_costs();
  CHECK(costs.per_user == Approx(wanted.per_user));
  CHECK(costs.per_gradient == Approx(wanted.per_gradient));
  CHECK(costs.per_parameter == Approx(wanted.per_parameter));
  CHECK(costs.per_summed == Approx(wanted.per_summed));
  CHECK(costs.per_step == Approx(wanted.per_step));
  CHECK(costs.crowding == Approx(wanted.crowding));
  CHECK(costs.item_trainer == Approx(wanted.item_trainer));
  CHECK(costs.item_servers == Approx(wanted.item_servers));
  CHECK(costs.item_rest == Approx(wanted.item_rest));
  CHECK(costs.per_round == Approx(wanted.per_round));
  CHECK(costs.carry_seconds_per_byte == Approx(wanted.carry_seconds_per_byte));
}

TEST_CASE("one block, or owners that did nothing, leave no cost undefined",
          "[experiments][plan]") {
  auto size = some_size();
  size.blocks = 1; // one trainer, however many nodes
  auto runs = all_runs();
  const auto gradient = runs[0].compute_seconds;
  CHECK(costs_of(size, runs).per_gradient <= gradient);
  runs[2].server_seconds = 0;
  CHECK(costs_of(size, runs).crowding == 1);
  // Nor can work take longer than all processes one after another.
  runs = all_runs();
  runs[3].server_seconds *= 10;
  CHECK(costs_of(size, runs).crowding == 2);
  runs[3].server_seconds /= 100;
  CHECK(costs_of(size, runs).crowding == 1);
}

TEST_CASE("a profile in one process alone, or in several, does not do",
          "[experiments][plan]") {
  CHECK_THAT(refusal_of([] { costs_of(some_size(), {run_of(false, 1)}); }),
             Contains("several processes"));
  CHECK_THAT(refusal_of([] { costs_of(some_size(), {run_of(false, 2)}); }),
             Contains("one process"));
  CHECK_THAT(refusal_of([] {
               costs_of(some_size(), {run_of(true, 1), run_of(true, 2)});
             }),
             Contains("one process"));
  auto other = run_of(false, 2);
  other.method.consistency = consistency_kind::asp;
  CHECK_THAT(refusal_of([&] {
               costs_of(some_size(), {run_of(false, 1), other});
             }),
             Contains("several processes"));
}

TEST_CASE("without runs by item nothing is said of it", "[experiments][plan]") {
  const auto costs = costs_of(some_size(), {run_of(false, 1), run_of(false, 2)});
  CHECK_FALSE(costs.knows_by_item);
  CHECK(costs.crowding == 1); // which runs by range cannot tell from gradients
  CHECK(costs.per_gradient > true_costs().per_gradient);
  for (const auto& method : methods_for({}, costs.knows_by_item))
    CHECK_FALSE(method.by_item);
}

TEST_CASE("what roles did becomes a step", "[experiments][plan]") {
  const auto of = [](std::uint64_t step, const char* role, const char* name,
                     double value) {
    metric_point point{"vae", step, step / 10, name, value};
    point.role = role;
    point.process = "process 0";
    return point;
  };
  std::vector<metric_point> points{
    {"vae", 10, 1, "loss", 5},
    of(10, "trainer 0", "compute_seconds", 100), // the first epoch does not count
    of(20, "trainer 0", "compute_seconds", 4),
    of(20, "trainer 0", "wait_seconds", 5),
    of(20, "trainer 0", "send_seconds", 1),
    of(20, "trainer 0", "bytes_received", 1000),
    of(20, "trainer 1", "compute_seconds", 6),
    of(20, "trainer 1", "wait_seconds", 4),
    of(20, "parameter_server 0", "apply_seconds", 2),
    of(20, "parameter_server 0", "wait_seconds", 8),
    of(20, "coordinator", "compute_seconds", 1), // validation
  };
  measured_run described;
  described.trainers = 2;
  const auto run = measured_from(described, "vae", points);
  CHECK(run.steps == 10);
  CHECK(run.step_seconds == Approx(0.9));
  CHECK(run.compute_seconds == Approx(1.0));
  CHECK(run.server_seconds == Approx(0.2));
  CHECK(run.bytes == Approx(100));
  CHECK(run.wait_share == Approx(1 - 0.5 / 0.9));
  CHECK_THAT(refusal_of([&] { measured_from(described, "dae", points); }),
             Contains("no accounts"));
}

TEST_CASE("a plan says where it extrapolates", "[experiments][plan]") {
  experiment options;
  options.model = named_model{"vae", {}};
  plan_request request;
  request.nodes = {2, 4, 8};
  request.bytes_per_second = 1.25e9;
  const auto made = make_plan(options, some_size(), all_runs(), request);
  const auto json = nlohmann::json::parse(to_json(made));
  CHECK(json["measured"].size() == 4);
  CHECK(json["steps"].size() == 3 * methods_for({}, true).size());
  for (const auto& step : json["steps"])
    CHECK(step["extrapolated"] == (step["nodes"] == 8));
  const auto text = text_of(made);
  CHECK_THAT(text, Contains("  8 nodes *") && Contains("* extrapolated")
                     && Contains("bsp by_item") && Contains("measured, vae"));
  CHECK_THAT(text, !Contains("  4 nodes *"));
}
