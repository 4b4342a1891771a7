// Draws small runs, cluster shapes, faults and moments from seeds, and compares what
// each run ends in with the same experiment undisturbed, in one process. A failing seed
// replays: souk_chaos --first SEED --seeds 1. Started by scripts/chaos.sh.
#include "core/random.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

using std::chrono::milliseconds;

/// All that a seed decides, drawn by name: a change of one draw leaves the others.
class fate {
public:
  explicit fate(std::uint64_t seed) : seed_{seed} {
    // nop
  }

  /// A whole number in [least, most].
  std::uint64_t
  draw(std::uint32_t name, std::uint64_t least, std::uint64_t most) const {
    const core::draw_site site{seed_, core::stream::synthetic_data, name, 0};
    return least + core::below(site, 0, most - least + 1);
  }

private:
  std::uint64_t seed_;
};

// Names of draws; those of fault i are fault_kind + i, and so on.
enum draw_name : std::uint32_t {
  epochs,
  checkpoint_steps,
  compression,
  has_shop,
  processes,
  trainers,
  servers,
  shards,
  num_faults,
  placement,
  consistency,
  fault_kind = 100,
  fault_moment = 200,
  fault_victim = 300,
};

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

std::vector<std::string> cluster_of(const fate& drawn) {
  const auto number = [&](draw_name name, std::uint64_t least, std::uint64_t most) {
    return std::to_string(drawn.draw(name, least, most));
  };
  return {"cluster.processes=" + number(processes, 2, 4),
          "cluster.trainers=" + number(trainers, 1, 4),
          "cluster.parameter_servers=" + number(servers, 1, 3),
          "cluster.data_shards=" + number(shards, 1, 3)};
}

/// Longer than heartbeats may be missing.
constexpr milliseconds too_long{4000};

/// Hurts a run. Returns what was done to what.
std::string hurt(souk_process& run, const fate& drawn, std::uint32_t fault) {
  const auto children = run.children();
  const auto victim =
    children.empty()
      ? 0
      : children[drawn.draw(fault_victim + fault, 0, 100) % children.size()];
  switch (drawn.draw(fault_kind + fault, 0, 5)) {
  case 0:
  case 1:
    if (victim > 0)
      kill(victim, SIGKILL);
    return "killed a process";
  case 2:
    if (victim > 0)
      kill(victim, SIGSTOP);
    return "froze a process";
  case 3:
    if (victim > 0)
      kill(victim, SIGSTOP);
    std::this_thread::sleep_for(too_long);
    if (victim > 0)
      kill(victim, SIGCONT);
    return "froze a process and thawed it";
  case 4:
    run.signal(SIGSTOP);
    std::this_thread::sleep_for(too_long);
    run.signal(SIGCONT);
    return "froze the run and thawed it";
  default:
    run.signal(SIGKILL);
    run.wait(); // which takes a while on a busy machine
    return "killed the run";
  }
}

/// What is wrong with how a run ended, or nothing.
std::string difference(const small_experiment& experiment,
                       const finished_process& end) {
  if (end.exit_code != 0)
    return "exit code " + std::to_string(end.exit_code) + ":\n" + end.err;
  for (const auto* digest : {"dataset", "model", "sessions", "results"})
    if (experiment.digest("hurt", digest) != experiment.digest("whole", digest))
      return std::string{"another digest of "} + digest;
  const auto steps = experiment.recorded_steps("hurt");
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i] != i + 1)
      return "step " + std::to_string(i + 1) + " is not there once";
  return {};
}

/// Runs a seed; returns what is wrong with it, and says what was done.
std::string failure_of(std::uint64_t seed, std::string& story) {
  const fate drawn{seed};
  for (const auto& override : method_of(drawn))
    story += (story.empty() ? "" : ", ") + override.substr(override.find('.') + 1);
  const small_experiment experiment;
  const auto whole = experiment.run("whole", experiment_of(drawn));
  if (whole.exit_code != 0)
    return "the undisturbed run failed:\n" + whole.err;
  auto overrides = experiment_of(drawn);
  for (auto& override : cluster_of(drawn))
    overrides.push_back(override);
  auto run = std::make_unique<souk_process>(experiment.arguments("hurt", overrides));
  const auto count = drawn.draw(num_faults, 1, 3);
  for (std::uint32_t fault = 0; fault < count && run->running(); ++fault) {
    std::this_thread::sleep_for(
      milliseconds{drawn.draw(fault_moment + fault, 0, 1200)});
    if (!run->running())
      break;
    story += (story.empty() ? "" : ", ") + hurt(*run, drawn, fault);
    // Only what was killed on purpose may need help.
    if (run->wait_briefly() && run->wait().exit_code == 128 + SIGKILL)
      run = std::make_unique<souk_process>(
        experiment.arguments("hurt", overrides, {"--resume"}));
  }
  return difference(experiment, run->wait());
}

std::uint64_t number_in(const char* text) {
  char* end = nullptr;
  const auto number = std::strtoull(text, &end, 10);
  if (*text == '\0' || *end != '\0') {
    std::cerr << "souk_chaos: \"" << text << "\" is no number\n";
    std::exit(2);
  }
  return number;
}

} // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 10;
  std::uint64_t first = 1;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag{argv[i]};
    if (i + 1 == argc || (flag != "--seeds" && flag != "--first")) {
      std::cerr << "usage: souk_chaos [--seeds N] [--first N]\n";
      return 2;
    }
    (flag == "--seeds" ? seeds : first) = number_in(argv[i + 1]);
  }
  std::uint64_t failed = 0;
  for (auto seed = first; seed < first + seeds; ++seed) {
    std::string story;
    const auto failure = failure_of(seed, story);
    failed += failure.empty() ? 0 : 1;
    std::cout << "seed " << seed << ": " << (failure.empty() ? "passed" : "FAILED")
              << " (" << story << ")\n"
              << (failure.empty() ? "" : failure + "\n") << std::flush;
  }
  std::cout << seeds - failed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
