// Draws small runs, cluster shapes, faults and moments from seeds, and compares what
// each run ends in with the same experiment undisturbed, in one process. A failing seed
// replays: souk_chaos --first SEED --seeds 1. Started by scripts/chaos.sh.
#include "tests/scenarios/chaos_stage.hpp"

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

/// A run takes seconds, and mends itself within seconds: one that has not ended by then
/// waits for something that never comes.
constexpr std::chrono::seconds end_at_latest{120};

/// Hurts a run. Returns what was done to what.
std::string hurt(souk_process& run,
                 const chaos_stage& stage,
                 const fate& drawn,
                 std::uint32_t fault) {
  constexpr std::uint64_t faults_of_processes = 6;
  const auto others = stage.others(run);
  const auto victim =
    others.empty() ? 0
                   : others[drawn.draw(fault_victim + fault, 0, 100) % others.size()];
  const auto kind =
    drawn.draw(fault_kind + fault, 0, faults_of_processes + 2 * stage.num_cuts() - 1);
  if (kind >= faults_of_processes)
    return stage.cut(drawn, fault, (kind - faults_of_processes) / 2);
  switch (kind) {
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
    wait_until_noticed();
    if (victim > 0)
      kill(victim, SIGCONT);
    return "froze a process and thawed it";
  case 4:
    run.signal(SIGSTOP);
    wait_until_noticed();
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

/// What the run is to do, on the cluster that it has by now.
std::vector<std::string> overrides_of(const fate& drawn, std::uint32_t resumes) {
  auto overrides = experiment_of(drawn);
  for (auto& override : cluster_of(drawn, resumes))
    overrides.push_back(override);
  return overrides;
}

/// Runs a seed; returns what is wrong with it, and says what was done.
std::string failure_of(std::uint64_t seed, std::string& story) {
  const fate drawn{seed};
  const small_experiment experiment;
  const auto stage = make_stage(drawn, experiment, story);
  for (const auto& override : method_of(drawn))
    story += override.substr(override.find('.') + 1) + ", ";
  const auto whole = experiment.run("whole", experiment_of(drawn));
  if (whole.exit_code != 0)
    return "the undisturbed run failed:\n" + whole.err;
  std::uint32_t resumes = 0;
  auto run = stage->start(overrides_of(drawn, resumes), {});
  const auto count = drawn.draw(num_faults, 1, 3);
  for (std::uint32_t fault = 0; fault < count && run->running(); ++fault) {
    std::this_thread::sleep_for(
      milliseconds{drawn.draw(fault_moment + fault, 0, 1200)});
    if (!run->running())
      break;
    story += hurt(*run, *stage, drawn, fault) + ", ";
    // Only what was killed on purpose may need help; it goes on in another shape.
    if (run->ends_within(milliseconds{100}) && run->wait().exit_code == 128 + SIGKILL)
      run = stage->start(overrides_of(drawn, ++resumes), {"--resume"});
  }
  if (!run->ends_within(end_at_latest))
    return "has not ended, " + std::to_string(end_at_latest.count())
           + " s after its last fault:\n" + run->said();
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
  std::uint64_t seeds = 200;
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
              << " (" << story.substr(0, story.size() - 2) << ")\n"
              << (failure.empty() ? "" : failure + "\n") << std::flush;
  }
  std::cout << seeds - failed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
