#include "tests/scenarios/chaos_fate.hpp"

namespace souk::tests {

/// Where steps have one answer, and how gradients are made smaller.
std::vector<std::string> method_of(const fate& drawn) {
  const std::vector<std::string> kinds{"{kind: none}", "{kind: none}", "{kind: bf16}",
                                       "{kind: top_k, fraction: 0.1}"};
  const std::vector<std::string> others{
    "{kind: ssp, workers: 2, staleness: 0}",
    "{kind: ssp, workers: 4, staleness: 0}",
    "{kind: local_sgd, replicas: 4, period: 1}",
    "{kind: local_sgd, replicas: 5, period: 3}",
  };
  // Items that have owners go step by step, and no gradient travels to be compressed.
  if (drawn.draw(placement, 0, 3) == 0)
    return {"training.placement={kind: by_item, ranges: 8}"};
  const auto compressed =
    "training.compression=" + kinds[drawn.draw(compression, 0, kinds.size() - 1)];
  // Every other experiment is of bsp.
  const auto other = drawn.draw(consistency, 0, 2 * others.size() - 1);
  if (other >= others.size())
    return {compressed};
  return {"training.consistency=" + others[other], "training.batch_users=12"};
}

std::vector<std::string> experiment_of(const fate& drawn) {
  const auto number = [&](draw_name name, std::uint64_t least, std::uint64_t most) {
    return std::to_string(drawn.draw(name, least, most));
  };
  std::vector<std::string> overrides{
    "training.epochs=" + number(epochs, 100, 300), "training.validate.patience=never",
    "training.validate.every_epochs=20",
    "training.checkpoint.every_steps=" + number(checkpoint_steps, 2, 40)};
  for (auto& override : method_of(drawn))
    overrides.push_back(override);
  overrides.emplace_back(drawn.draw(has_shop, 0, 3) == 0 ? "simulation.worlds=20"
                                                         : "simulation=null");
  return overrides;
}

std::vector<std::string> cluster_of(const fate& drawn, std::uint32_t resumes) {
  const auto number = [&](draw_name name, std::uint64_t least, std::uint64_t most) {
    const auto draw = resumes == 0 ? name : shape_again + 10 * resumes + name;
    return std::to_string(drawn.draw(draw, least, most));
  };
  return {"cluster.processes=" + number(processes, 2, 4),
          "cluster.trainers=" + number(trainers, 1, 4),
          "cluster.parameter_servers=" + number(servers, 1, 3),
          "cluster.data_shards=" + number(shards, 1, 3)};
}

} // namespace souk::tests
