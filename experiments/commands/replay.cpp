#include "actors/replay.hpp"

#include "core/at_end.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"
#include "eval/replay_rows.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/manifest.hpp"
#include "experiments/number_words.hpp"
#include "experiments/progress_bar.hpp"
#include "experiments/replay/replay_source.hpp"
#include "experiments/replay/replay_text.hpp"
#include "experiments/report/report.hpp"
#include "experiments/results_file.hpp"
#include "experiments/run_state.hpp"
#include "models/model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <thread>

namespace souk::experiments {

namespace {

namespace fs = std::filesystem;

/// Keeps what became of the events, and shows how far the replay is.
class kept_predictions : public actors::replay_observer {
public:
  kept_predictions(eval::replayed& whole,
                   std::uint64_t total,
                   const eval::metric& shown,
                   core::progress& progress)
    : whole_{whole}, total_{total}, shown_{shown}, progress_{progress} {
    // nop
  }

  void predicted(core::span<const core::replay_prediction> predictions,
                 core::span<const float> latencies_ms) override {
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      whole_.predictions.push_back(predictions[i]);
      if (predictions[i].verdict != core::replay_verdict::judged)
        continue;
      whole_.latencies_ms.push_back(latencies_ms[i]);
      const auto rank = predictions[i].rank;
      hits_ += rank > 0 && rank <= shown_.k ? 1 : 0;
    }
    progress_.advance("replaying", whole_.predictions.size(), total_, "events",
                      detail());
  }

private:
  std::string detail() const {
    const auto judged = whole_.latencies_ms.size();
    if (judged == 0)
      return "";
    return to_string(shown_) + ' '
           + percent_text(static_cast<double>(hits_) / static_cast<double>(judged));
  }

  eval::replayed& whole_;
  std::uint64_t total_;
  eval::metric shown_;
  core::progress& progress_;
  std::uint64_t hits_ = 0;
};

/// Hit rate, MRR and ndcg at each cutoff.
std::vector<eval::metric> metrics_of(const replay_words& words) {
  std::vector<std::string> names;
  for (const auto* kind : {"hit_rate", "mrr", "ndcg"})
    for (const auto cutoff : words.cutoffs)
      names.push_back(std::string{kind} + '@' + std::to_string(cutoff));
  return eval::parse_metrics(names);
}

actors::replay_options options_of(const replay_words& words,
                                  const std::vector<eval::metric>& metrics) {
  actors::replay_options options;
  if (words.speed && (!std::isfinite(*words.speed) || *words.speed <= 0))
    throw core::error::request("is no speed", "souk replay --speed",
                               "give a number above 0, or leave it out to go as fast "
                               "as possible");
  options.speed = words.speed.value_or(0);
  options.shards =
    words.shards > 0 ? words.shards : std::max(1U, std::thread::hardware_concurrency());
  options.batch = words.batch;
  options.profiles.history = words.history == "session" ? actors::given_history::session
                                                        : actors::given_history::all;
  options.profiles.judge_repeats = words.repeats == "judge";
  options.profiles.judge_learned = words.judge == "all";
  options.profiles.slate_size = eval::longest_cutoff(metrics);
  return options;
}

/// A folder for the results: named, or one of its own in the model's run.
std::string folder_of(const command& request, const replayed_model& model) {
  std::error_code unknown;
  if (request.out.empty())
    return model.run + "/replays/" + fs::path{request.files.at(0)}.stem().string() + '-'
           + model.name + '-' + core::compact_utc_now();
  if (fs::exists(request.out, unknown) && !fs::is_empty(request.out, unknown))
    throw core::error::request("exists and is not empty", request.out,
                               "name a new folder");
  return request.out;
}

void make_folder(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw core::error{"cannot be made (" + failed.message() + ')', folder,
                      "name another folder with --out DIR"};
}

/// What was asked, for whoever finds the folder.
std::string settings_of(const command& request,
                        const actors::replay_options& options,
                        const replayed_model& model) {
  const auto& words = request.replay;
  nlohmann::ordered_json json{{"log", request.files.at(0)}, {"run", model.run},
                              {"model", model.name},        {"history", words.history},
                              {"repeats", words.repeats},   {"judge", words.judge},
                              {"cutoffs", words.cutoffs},   {"speed", nullptr},
                              {"shards", options.shards},   {"batch", options.batch}};
  if (words.speed)
    json["speed"] = *words.speed;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
         + '\n';
}

/// Says what about the log a reader of its numbers has to know.
void say_about(const data::matched_log& matched,
               const replay_source& source,
               const replayed_model& model,
               const actors::replay_options& options) {
  core::log::info("log: " + grouped(source.log.events.size()) + " events of "
                  + grouped(source.log.num_users) + " users"
                  + (source.log.num_others == 0 ? ""
                                                : "; " + grouped(source.log.num_others)
                                                    + " of other kinds are left out"));
  if (!matched.unknown_items.empty())
    core::log::warning(unknown_in_words(matched.unknown_items));
  const auto& events = matched.events;
  if (std::all_of(events.begin(), events.end(),
                  [](const auto& event) { return event.item == core::no_item; }))
    throw core::error::request("the model knows none of the log's items", model.run,
                               "replay a log of the shop that it was trained on");
  const auto learned =
    std::count_if(events.begin(), events.end(),
                  [](const auto& event) { return event.is_learned != 0; });
  if (learned == 0)
    return;
  const auto told = grouped(static_cast<std::uint64_t>(learned))
                    + " events are of the model's own training";
  if (options.profiles.judge_learned)
    core::log::warning(told + " and judged all the same (--judge all)");
  else
    core::log::info(told + " and not judged (--judge all would)");
}

/// The outcome, as files.
void keep(const std::string& folder,
          manifest record,
          const eval::replayed& whole,
          const std::vector<core::result_row>& rows,
          bool is_whole) {
  write_results(folder + "/results.json", rows);
  record.data["events"] = whole.predictions.size();
  record.stages.push_back({"replay", whole.seconds});
  // Of a part of a log there is no answer that another run could have.
  if (is_whole) {
    record.digests["predictions"] = eval::digest_of(whole.predictions);
    record.digests["results"] = core::digest_of(rows);
    record.end = core::utc_now();
  }
  write_file_atomically(folder + "/manifest.json", to_json(record));
}

/// Walks the log and returns what it came to.
eval::replayed walk(const actors::replay_options& options,
                    const actors::replay_log& log,
                    const replayed_model& model,
                    const replay_source& source,
                    const eval::metric& shown,
                    core::progress& progress) {
  eval::replayed whole;
  whole.model = model.name;
  kept_predictions observer{whole, log->size(), shown, progress};
  const auto began = core::seconds_now();
  actors::replay(options, log, model.recommender,
                 model.uses_attributes ? source.users : nullptr, observer,
                 interrupt_requested);
  whole.seconds = core::seconds_now() - began;
  return whole;
}

std::vector<core::result_row> rows_of(const eval::replayed& whole,
                                      const std::vector<eval::metric>& metrics,
                                      std::uint64_t seed) {
  eval::resampling_options resampling;
  resampling.seed = seed;
  auto rows = eval::rows_of(whole, metrics, resampling);
  const auto measured = eval::measured_rows_of(whole);
  rows.insert(rows.end(), measured.begin(), measured.end());
  return rows;
}

} // namespace

void replay_log(const command& request) {
  const auto metrics = metrics_of(request.replay);
  const auto options = options_of(request.replay, metrics);
  check_folder_of(request.replay.json);
  progress_bar bar;
  core::silent_progress silence;
  auto& progress = request.quiet ? static_cast<core::progress&>(silence) : bar;
  const auto model = read_replayed_model(request.replay.model);
  const auto folder = folder_of(request, model);
  make_folder(folder);
  const core::at_end tidy{[&] {
    std::error_code ignored; // they go only if nothing was written
    fs::remove(folder, ignored);
    if (request.out.empty())
      fs::remove(fs::path{folder}.parent_path(), ignored);
  }};
  const auto source = read_replay_source(request.files.at(0), model,
                                         folder + "/quarantine.tsv", progress);
  bar.clear();
  auto matched = data::match(source.log, model.items, model.trained);
  say_about(matched, source, model, options);
  auto record =
    begin_manifest("replay of " + source.name, model.options.seed, models::platform());
  record.cluster["shards"] = options.shards;
  const auto log =
    std::make_shared<std::vector<core::replay_event>>(std::move(matched.events));
  const auto whole = walk(options, log, model, source, metrics.front(), progress);
  bar.clear();
  const auto rows = rows_of(whole, metrics, model.options.seed);
  const auto is_whole = whole.predictions.size() == log->size();
  write_file_atomically(folder + "/replay.json", settings_of(request, options, model));
  keep(folder, record, whole, rows, is_whole);
  write_report(folder);
  if (!request.replay.json.empty())
    write_file_atomically(request.replay.json, to_json(rows));
  std::cout << text_of_replay(rows) << std::flush;
  core::log::info("replay: " + folder + ", with report.html");
  if (is_whole)
    return;
  core::log::info("interrupted after " + grouped(whole.predictions.size()) + " of "
                  + grouped(log->size()) + " events; the numbers are of these");
  throw interrupted{};
}

} // namespace souk::experiments
