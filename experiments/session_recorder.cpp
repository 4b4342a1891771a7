#include "experiments/session_recorder.hpp"

#include "sim/world.hpp"

namespace souk::experiments {

session_recorder::session_recorder(run_state& run,
                                   data::session_log_writer& log,
                                   retraining& teacher)
  : run_{run}, log_{log}, teacher_{teacher},
    counts_{run.context->world(0)->items().num_items} {
  // nop
}

void session_recorder::enter(std::size_t market,
                             std::uint16_t policy,
                             std::uint16_t world) {
  market_ = market;
  policy_ = policy;
  world_ = world;
  counts_.clear();
}

void session_recorder::log(core::span<core::session_record> records) {
  for (auto& record : records) {
    record.policy = policy_;
    record.world = world_;
  }
  counts_.add(records);
  log_.append(records);
}

void session_recorder::passed(core::time_ms time) {
  const auto& options = *run_.options.simulation;
  const auto markets = sim::num_worlds(options) * options.policies.size();
  const auto days = static_cast<std::uint64_t>(time / core::day_ms);
  run_.progress->advance("simulating", market_ * options.days + days,
                         markets * options.days, "days", where());
}

void session_recorder::learn(std::uint32_t version, const core::user_rows& histories) {
  teacher_.learn(run_.options.simulation->policies[policy_], world_, version,
                 histories);
}

std::string session_recorder::where() const {
  const auto& options = *run_.options.simulation;
  const auto& generators = options.population.from;
  auto text = options.policies[policy_].name + ", world "
              + std::to_string(sim::replicate_of(options, world_));
  if (generators.size() > 1)
    text += " of " + generators[sim::generator_of(options, world_)].name;
  return text;
}

} // namespace souk::experiments
