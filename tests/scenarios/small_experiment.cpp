#include "tests/scenarios/small_experiment.hpp"

#include "core/random.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace souk::tests {

namespace {

/// 150 users with 6 to 17 of 60 items, the popular ones more often; times ascend.
std::string events() {
  std::ostringstream csv;
  csv << "user,item,time\n";
  for (std::uint32_t user = 0; user < 150; ++user) {
    const core::draw_site site{3, core::stream::synthetic_data, user, 0};
    const auto count = 6 + core::below(site, 0, 12);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto u = core::uniform(site, 1 + i);
      csv << 'u' << user << ",i" << static_cast<int>(60 * u * u) << ','
          << 1000 * user + 60 * i << '\n';
    }
  }
  return csv.str();
}

constexpr auto yaml = R"(souk: 1
name: small
seed: 42
data:
  source: {kind: csv, path: PATH, columns: {user: user, item: item, time: time}}
  clean: {min_user_events: 5}
  split: {kind: strong_generalisation, held_out_users: 15}
model: {kind: mult_vae, hidden: [24], latent: 8, kl: {cap: 0.2, anneal_steps: 20}}
training:
  epochs: 6
  batch_users: 50
  blocks: 4
  checkpoint: {every_steps: 4, keep: 2}
baselines: [popularity]
evaluation:
  metrics: [recall@20, ndcg@100]
  history: {events: [0, 2, all], min_fold_in: 3, draws: 2}
simulation:
  catalogue: {from: dataset}
  population: {users: 60, cohort: 20}
  days: 3
  tick: 900000
  slate_size: 5
  worlds: 2
  policies:
    - random
    - mult_vae
    - {kind: thompson, of: mult_vae, draws: 2}
    - {kind: plackett_luce, of: mult_vae}
    - reference
report: {html: true}
)";

} // namespace

small_experiment::small_experiment() {
  const auto csv = folder_.write("events.csv", events());
  file_ =
    folder_.write("small.yaml", std::regex_replace(yaml, std::regex{"PATH"}, csv));
}

std::vector<std::string>
small_experiment::arguments(const std::string& name,
                            const std::vector<std::string>& overrides,
                            const std::vector<std::string>& flags) const {
  std::vector<std::string> words{"run", file_, "--out", folder_ / name};
  for (const auto& override : overrides) {
    words.emplace_back("-s");
    words.push_back(override);
  }
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

finished_process small_experiment::run(const std::string& name,
                                       std::vector<std::string> overrides,
                                       const std::vector<std::string>& flags) const {
  return run_souk(arguments(name, overrides, flags));
}

std::string small_experiment::digest(const std::string& name,
                                     const std::string& kind) const {
  const auto manifest = bytes_of(in(name, "manifest.json"));
  std::smatch found;
  const std::regex pattern{"\"" + kind + "\"\\s*:\\s*\"([0-9a-f]{64})\""};
  return std::regex_search(manifest, found, pattern) ? found[1].str() : std::string{};
}

namespace {

/// Asks two hundred times a second, for at most 15 seconds.
template <class Predicate>
bool wait_until(souk_process& run, const Predicate& holds) {
  for (int i = 0; i < 3000 && run.running(); ++i) {
    if (holds())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

} // namespace

bool small_experiment::wait_for(const std::string& name,
                                const std::string& entry,
                                souk_process& run) const {
  return wait_until(run, [&] { return std::filesystem::exists(in(name, entry)); });
}

bool small_experiment::wait_for_checkpoint(const std::string& name,
                                           souk_process& run) const {
  const auto folder = in(name, "checkpoints");
  // One that is not finished has a name that begins with a dot.
  return wait_until(run, [&] {
    if (std::filesystem::exists(folder))
      for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().filename().string().front() != '.')
          return true;
    return false;
  });
}

std::vector<std::uint64_t>
small_experiment::recorded_steps(const std::string& name) const {
  std::vector<std::uint64_t> steps;
  std::istringstream lines{bytes_of(in(name, "metrics.jsonl"))};
  for (std::string line; std::getline(lines, line);)
    if (line.find("\"mult_vae\"") != std::string::npos
        && line.find("\"loss\"") != std::string::npos)
      steps.push_back(std::stoull(line.substr(line.find("\"step\":") + 7)));
  return steps;
}

double small_experiment::training_result(const std::string& name,
                                         const std::string& metric) const {
  const auto all = nlohmann::json::parse(bytes_of(in(name, "results.json")));
  for (const auto& row : all.at("rows"))
    if (row.at("model") == "mult_vae" && row.at("metric") == metric)
      return row.at("mean");
  throw std::runtime_error{name + " has no row of " + metric};
}

} // namespace souk::tests
