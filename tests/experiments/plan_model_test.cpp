#include "experiments/plan/cost_model.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>

using namespace souk::experiments;

namespace {

/// 1,000 items, of which every user keeps ten; layers of 64 and 32 units.
training_size small_training(std::uint32_t num_items = 1000) {
  training_size size;
  size.batch_users = 400;
  size.blocks = 64;
  size.item_ranges = 16;
  size.num_items = num_items;
  size.first_row = 64;
  size.last_width = 32;
  size.parameters = 96ULL * num_items + 10000;
  size.items_per_user = 20;
  size.item_shares.assign(num_items, 10.0 / num_items);
  return size;
}

measured_costs some_costs() {
  measured_costs costs;
  costs.per_user = 1e-4;
  costs.per_gradient = 2e-3;
  costs.per_parameter = 2e-9;
  costs.per_summed = 1e-9;
  costs.per_step = 1e-3;
  costs.carry_seconds_per_byte = 2e-10;
  costs.per_round = 1e-4;
  costs.knows_by_item = true;
  costs.item_trainer = 5e-3;
  costs.item_servers = 30e-3;
  costs.item_rest = 1e-3;
  return costs;
}

cluster_shape far_apart(std::uint32_t nodes) {
  cluster_shape cluster;
  cluster.nodes = cluster.machines = nodes;
  cluster.bytes_per_second = 1.25e9;
  cluster.latency = 50e-6;
  return cluster;
}

training_method method_with(consistency_kind consistency) {
  training_method method;
  method.consistency = consistency;
  return method;
}

training_method by_item() {
  training_method method;
  method.by_item = true;
  return method;
}

std::vector<training_method> all_methods() {
  std::vector<training_method> methods{by_item()};
  for (const auto kind : {consistency_kind::bsp, consistency_kind::ssp,
                          consistency_kind::asp, consistency_kind::local_sgd})
    methods.push_back(method_with(kind));
  for (const auto packed : {compression_kind::bf16, compression_kind::top_k}) {
    methods.emplace_back();
    methods.back().compression = packed;
  }
  return methods;
}

double seconds(const training_method& method, const cluster_shape& cluster) {
  return predict(small_training(), some_costs(), method, cluster).seconds;
}

} // namespace

TEST_CASE("one node sends nothing", "[experiments][plan]") {
  for (const auto& method : all_methods()) {
    INFO(name_of(method));
    const auto step = predict(small_training(), some_costs(), method, far_apart(1));
    CHECK(step.node_bytes == 0);
    CHECK(step.message_seconds == 0);
  }
  const auto alone = predict(small_training(), some_costs(), {}, far_apart(1));
  const auto parameters = 96.0 * 1000 + 10000;
  CHECK(alone.seconds == Approx(1e-3 + 2e-3 + 400 * 1e-4 + parameters * (2e-9 + 1e-9)));
}

TEST_CASE("without a network's price a step is its computation",
          "[experiments][plan]") {
  auto costs = some_costs();
  costs.carry_seconds_per_byte = costs.tls_seconds_per_byte = 0;
  costs.per_round = costs.per_message = 0;
  auto cluster = far_apart(8);
  cluster.bytes_per_second = 1e30;
  cluster.latency = 0;
  const auto step = predict(small_training(), costs, {}, cluster);
  const auto parameters = 96.0 * 1000 + 10000;
  CHECK(step.carry_seconds < 1e-12);
  CHECK(step.compute_seconds == Approx(2e-3 + 50 * 1e-4));
  CHECK(step.seconds
        == Approx(1e-3 + 2e-3 + 50 * 1e-4 + parameters / 8 * (2e-9 + 8 * 1e-9)));
}

TEST_CASE("work takes longer where nodes share a machine, and only there",
          "[experiments][plan]") {
  auto crowded = some_costs();
  crowded.crowding = 1.5;
  const auto size = small_training();
  auto together = far_apart(4);
  together.machines = 1;
  together.cores = 100;
  auto in_pairs = far_apart(4);
  in_pairs.machines = 2;
  in_pairs.cores = 100;
  for (const auto& method : all_methods()) {
    INFO(name_of(method));
    const auto compute = [&](const measured_costs& costs,
                             const cluster_shape& cluster) {
      return predict(size, costs, method, cluster).compute_seconds;
    };
    const auto apply = [&](const measured_costs& costs, const cluster_shape& cluster) {
      return predict(size, costs, method, cluster).apply_seconds;
    };
    CHECK(compute(crowded, together) == Approx(1.5 * compute(some_costs(), together)));
    CHECK(apply(crowded, together) == Approx(1.5 * apply(some_costs(), together)));
    CHECK(compute(crowded, in_pairs) == Approx(1.5 * compute(some_costs(), in_pairs)));
    CHECK(compute(crowded, far_apart(4)) == compute(some_costs(), far_apart(4)));
    CHECK(apply(crowded, far_apart(4)) == apply(some_costs(), far_apart(4)));
  }
}

TEST_CASE("a faster or nearer network never makes a step longer",
          "[experiments][plan]") {
  for (const auto& method : all_methods()) {
    INFO(name_of(method));
    for (const auto nodes : {2U, 3U, 8U, 100U, 1024U}) {
      auto slow = far_apart(nodes);
      auto fast = slow;
      fast.bytes_per_second = 1e11;
      auto near = slow;
      near.latency = 0;
      CHECK(seconds(method, fast) <= seconds(method, slow));
      CHECK(seconds(method, near) <= seconds(method, slow));
      slow.bytes_per_second = 1e6;
      CHECK(seconds(method, slow) > seconds(method, fast));
    }
  }
}

TEST_CASE("by item, bytes do not grow with the catalogue", "[experiments][plan]") {
  const auto bytes = [](const training_method& method, std::uint32_t items) {
    return bytes_of(small_training(items), method, 4).all();
  };
  CHECK(bytes(by_item(), 1000000) == Approx(bytes(by_item(), 1000)));
  CHECK(bytes({}, 1000000) > 100 * bytes({}, 1000));
}

TEST_CASE("what waits for nobody hides the servers' work", "[experiments][plan]") {
  auto costs = some_costs();
  costs.carry_seconds_per_byte = costs.tls_seconds_per_byte =
    0; // workers of their own read copies
  auto cluster = far_apart(4);
  cluster.cores = 8;
  auto stale = method_with(consistency_kind::ssp);
  auto in_step = stale;
  in_step.staleness = 0;
  const auto step = [&](const training_method& method) {
    return predict(small_training(), costs, method, cluster);
  };
  CHECK(step(stale).seconds
        == Approx(step(in_step).seconds - step(in_step).apply_seconds));
  CHECK(step(stale).wait_share < step(in_step).wait_share);
  CHECK(step(method_with(consistency_kind::asp)).seconds == step(stale).seconds);
}

TEST_CASE("servers that are busier than workers set the pace", "[experiments][plan]") {
  auto costs = some_costs();
  costs.per_parameter = 1e-3;
  const auto step =
    predict(small_training(), costs, method_with(consistency_kind::asp), far_apart(4));
  CHECK(step.seconds >= step.apply_seconds);
  CHECK(step.wait_share > 0.9);
}

TEST_CASE("no more trainers have work than there are blocks", "[experiments][plan]") {
  auto size = small_training();
  size.blocks = 4;
  const auto trainers = [&](const training_method& method) {
    return predict(size, some_costs(), method, far_apart(16)).trainers;
  };
  CHECK(trainers({}) == 4);
  CHECK(trainers(by_item()) == 1);
  CHECK(trainers(method_with(consistency_kind::asp)) == 16);
}

TEST_CASE("three trainers wait for the one with half of the blocks",
          "[experiments][plan]") {
  auto size = small_training();
  size.blocks = 4;
  const auto compute = [&](std::uint32_t nodes) {
    return predict(size, some_costs(), {}, far_apart(nodes)).compute_seconds;
  };
  CHECK(compute(3) == Approx(compute(2)));
  CHECK(compute(4) == Approx(2e-3 + 100 * 1e-4));
}

TEST_CASE("three owners wait for the one with half of the items",
          "[experiments][plan]") {
  const auto apply = [](std::uint32_t nodes) {
    return predict(small_training(), some_costs(), by_item(), far_apart(nodes))
      .apply_seconds;
  };
  CHECK(apply(3) == Approx(apply(2)));
  CHECK(apply(4) == Approx(apply(1) / 4));
  CHECK(apply(64) == Approx(apply(16))); // no more owners than ranges
}

TEST_CASE("nodes of a machine share its cores and its link", "[experiments][plan]") {
  auto apart = far_apart(8);
  auto together = apart;
  together.machines = 1;
  const auto none = predict(small_training(), some_costs(), {}, together);
  // All eight computations, one after another.
  CHECK(none.seconds >= 8 * 2e-3 + 400 * 1e-4);
  auto two = apart;
  two.machines = 2;
  two.cores = apart.cores = 64;
  two.bytes_per_second = apart.bytes_per_second = 1e6;
  CHECK(predict(small_training(), some_costs(), {}, two).carry_seconds
        > predict(small_training(), some_costs(), {}, apart).carry_seconds);
}

TEST_CASE("what is compressed is pushed block by block", "[experiments][plan]") {
  auto size = small_training();
  size.blocks = 4;
  training_method half;
  half.compression = compression_kind::bf16;
  training_method few;
  few.compression = compression_kind::top_k;
  few.fraction = 0.01;
  const auto pushed = [&](const training_method& method, std::uint32_t nodes) {
    return bytes_of(size, method, nodes).pushed_out;
  };
  // A trainer of one block sends half as many bytes; one of two sends both.
  CHECK(pushed(half, 4) == Approx(pushed({}, 4) / 2));
  CHECK(pushed(half, 2) / (1.0 / 2) == Approx(2 * pushed(half, 4) / (3.0 / 4)));
  CHECK(pushed(half, 2) < pushed({}, 2));
  CHECK(pushed(few, 4) == Approx(pushed({}, 4) * 0.01 * 5.3 / 4));
}

TEST_CASE("touched items are those that any user has", "[experiments][plan]") {
  training_size size;
  size.item_shares = {1, 0.5, 0};
  CHECK(size.touched_items(0) == 0);
  CHECK(size.touched_items(1) == Approx(1.5));
  CHECK(size.touched_items(2) == Approx(1.75));
}
