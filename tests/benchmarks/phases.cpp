#include "tests/benchmarks/phases.hpp"

#include "core/clock.hpp"
#include "models/learner.hpp"
#include "models/optimiser.hpp"

#include <map>
#include <vector>

namespace souk::benchmarks {

namespace {

constexpr std::uint64_t warm_up_steps = 2;
constexpr std::uint64_t timed_steps = 6;

/// The users of a step: those of the file, one batch after the other.
std::vector<models::training_block> blocks_of(const train_request& request,
                                              const core::interactions& rows,
                                              std::uint64_t step) {
  std::vector<models::training_block> blocks(request.blocks);
  const auto rows_per_block = (request.batch + request.blocks - 1) / request.blocks;
  auto user = static_cast<std::uint32_t>(step * request.batch % rows.num_rows());
  for (auto& block : blocks) {
    block.rows.num_items = rows.num_items;
    for (std::uint32_t i = 0; i < rows_per_block; ++i, ++user) {
      user %= static_cast<std::uint32_t>(rows.num_rows());
      block.users.push_back(user);
      block.rows.append_row(rows.row(user));
    }
  }
  return blocks;
}

} // namespace

nlohmann::ordered_json phases_of(const train_request& request,
                                 models::precision precision,
                                 const core::interactions& rows) {
  const models::model_options model;
  const auto threads = std::size_t{request.threads} * request.trainers;
  const auto network = models::make_network(model, rows.num_items);
  const auto size = network->layout().size();
  const auto learner =
    models::make_learner(model, rows.num_items,
                         {(request.batch + request.blocks - 1) / request.blocks,
                          request.blocks, threads, precision});
  core::parameter_arena parameters(size);
  core::parameter_arena first(size);
  core::parameter_arena second(size);
  network->initialise(1, parameters);
  core::gradient gradient{network->layout()};
  models::optimiser rule{{}, {0, size}, threads};
  std::vector<models::block_loss> losses(request.blocks);
  std::map<std::string, double> before;
  double optimiser_seconds = 0;
  for (std::uint64_t step = 0; step < warm_up_steps + timed_steps; ++step) {
    if (step == warm_up_steps) {
      for (const auto& phase : learner->phases())
        before[phase.name] = phase.seconds;
      optimiser_seconds = 0;
    }
    const auto blocks = blocks_of(request, rows, step);
    learner->accumulate({1, step, request.batch}, blocks, parameters, gradient, losses);
    const auto began = core::seconds_now();
    const std::vector<models::partial_sum> tree{
      {request.blocks, gradient.slice({0, size})}};
    rule.apply(step + 1, tree, {parameters, first, second});
    optimiser_seconds += core::seconds_now() - began;
  }
  constexpr auto ms_of_step = 1e3 / timed_steps;
  nlohmann::ordered_json phases;
  for (const auto& phase : learner->phases())
    phases[phase.name] = (phase.seconds - before[phase.name]) * ms_of_step;
  phases["optimiser"] = optimiser_seconds * ms_of_step;
  return phases;
}

} // namespace souk::benchmarks
