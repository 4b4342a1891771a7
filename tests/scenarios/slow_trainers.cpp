// Holds one of two trainers back, from outside, and looks whether it is named; and
// looks whether nobody is where nobody is held back. Started by
// scripts/slow_trainers.sh.
#include "core/random.hpp"
#include "tests/support/souk_process.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long a trainer runs and stands still in turn, together: far shorter than what
/// heartbeats allow.
constexpr milliseconds pulse{100};

/// By when a slow trainer must be named, and how long a healthy run is looked at.
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::seconds healthy_time{12};

/// 2,000 users with 6 to 17 of 60 items: computing is most of a step.
std::string events() {
  std::ostringstream csv;
  csv << "user,item,time\n";
  for (std::uint32_t user = 0; user < 2000; ++user) {
    const core::draw_site site{4, core::stream::synthetic_data, user, 0};
    const auto count = 6 + core::below(site, 0, 12);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto u = core::uniform(site, 1 + i);
      csv << 'u' << user << ",i" << static_cast<int>(60 * u * u) << ','
          << 1000 * user + 60 * i << '\n';
    }
  }
  return csv.str();
}

std::string experiment_over(const std::string& csv) {
  return "souk: 1\nname: slow\nseed: 1\n"
         "data:\n  source: {kind: csv, path: "
         + csv
         + ", columns: {user: user, item: item, time: time}}\n"
           "  clean: {min_user_events: 5}\n"
           "  split: {kind: strong_generalisation, held_out_users: 20}\n"
           "model: {kind: mult_vae, hidden: [600], latent: 200}\n"
           "training:\n  epochs: 1000000\n  batch_users: 900\n  blocks: 2\n"
           "  validate: {every_epochs: 1000000, patience: never}\n"
           "  checkpoint: {every_steps: 1000000}\n"
           "cluster: {processes: 2, trainers: 2}\n";
}

/// Runs of one experiment, one after the other.
class trial {
public:
  /// The trainer runs for so many percent of the time.
  explicit trial(int percent) : percent_{percent} {
    const auto csv = folder_.write("events.csv", events());
    const auto file = folder_.write("slow.yaml", experiment_over(csv));
    run_ = std::make_unique<souk_process>(
      std::vector<std::string>{"train", file, "--out", folder_ / "run"});
  }

  /// Returns what is wrong, or nothing.
  std::string failure() {
    while (run_->running() && bytes_of(folder_ / "run/metrics.jsonl").empty())
      std::this_thread::sleep_for(milliseconds{20});
    const auto children = run_->children();
    if (children.size() != 1)
      return "the run has not come up:\n" + run_->wait().err;
    const auto began = clock::now();
    while (run_->running()
           && clock::now() - began < (is_slowed() ? patience : healthy_time)
           && log().find("is slow") == std::string::npos)
      is_slowed() ? hold_back(children.front()) : std::this_thread::sleep_for(pulse);
    seconds_ = std::chrono::duration<double>(clock::now() - began).count();
    const auto said = log();
    if (!run_->running())
      return "the run ended:\n" + run_->wait().err;
    if (!is_slowed())
      return said.find("is slow") == std::string::npos ? "" : said;
    const auto name =
      "trainer 1 in process 1 (pid " + std::to_string(children.front()) + ") is slow";
    const auto others = said.find("trainer 0 in") != std::string::npos;
    return said.find(name) != std::string::npos && !others ? ""
                                                           : "named nobody, or "
                                                             "another:\n"
                                                               + said;
  }

  double seconds() const {
    return seconds_;
  }

private:
  bool is_slowed() const {
    return percent_ < 100;
  }

  std::string log() const {
    return bytes_of(folder_ / "run/log.txt");
  }

  void hold_back(pid_t process) const {
    kill(process, SIGSTOP);
    std::this_thread::sleep_for(pulse * (100 - percent_) / 100);
    kill(process, SIGCONT);
    std::this_thread::sleep_for(pulse * percent_ / 100);
  }

  int percent_;
  scratch_folder folder_;
  std::unique_ptr<souk_process> run_;
  double seconds_ = 0;
};

/// Runs trials of a kind; returns how many were right.
int right_of(int runs, int percent) {
  auto right = 0;
  for (int i = 0; i < runs; ++i) {
    trial one{percent};
    const auto failure = one.failure();
    right += failure.empty() ? 1 : 0;
    std::cout << (percent < 100 ? "held back " : "healthy ") << i + 1 << ": "
              << (failure.empty() ? "passed" : "FAILED") << " after " << one.seconds()
              << " s\n"
              << failure << std::flush;
  }
  return right;
}

} // namespace

int main(int argc, char** argv) {
  auto runs = 20;
  auto percent = 50;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag{argv[i]};
    const auto number = i + 1 < argc ? std::atoi(argv[i + 1]) : 0;
    if (number < 1 || number > 99 || (flag != "--runs" && flag != "--percent")) {
      std::cerr << "usage: souk_slow_trainers [--runs N] [--percent N]\n";
      return 2;
    }
    (flag == "--runs" ? runs : percent) = number;
  }
  const auto named = right_of(runs, percent);
  const auto quiet = right_of(runs, 100);
  std::cout << "named in " << named << " of " << runs << ", nobody named in " << quiet
            << " of " << runs << "\n";
  return named == runs && quiet == runs ? 0 : 1;
}
