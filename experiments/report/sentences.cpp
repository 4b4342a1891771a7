#include "experiments/report/sentences.hpp"

#include "experiments/report/words.hpp"

#include <algorithm>
#include <set>

namespace souk::experiments {

namespace {

std::uint64_t count_of(const manifest& record, const std::string& name) {
  const auto found = record.data.find(name);
  return found == record.data.end() ? 0 : found->second;
}

/// The models in the order of their rows.
std::vector<std::string> models_of(const finished_run& run) {
  std::vector<std::string> names;
  for (const auto& row : run.rows)
    if (row.stage != "online" && row.stage != "data"
        && std::find(names.begin(), names.end(), row.model) == names.end())
      names.push_back(row.model);
  return names;
}

std::string training_sentence(const finished_run& run) {
  const auto& record = run.record;
  if (count_of(record, "training_users") == 0)
    return "";
  const auto data = counted(count_of(record, "training_interactions"), "interaction")
                    + " of " + counted(count_of(record, "training_users"), "user")
                    + " with " + counted(count_of(record, "training_items"), "item");
  const auto models = models_of(run);
  if (models.empty())
    return "The data came to " + data + " for training.";
  std::string text = listed(models) + " learned from " + data + ".";
  std::set<std::string> told;
  for (const auto& name : models) {
    std::uint64_t epochs = 0;
    std::uint64_t steps = 0;
    for (const auto& point : run.points)
      if (point.model == name) {
        epochs = std::max(epochs, point.epoch);
        steps = std::max(steps, point.step);
      }
    if (steps > 0)
      text += " " + name + " took " + counted(steps, "step") + " in "
              + counted(epochs, "epoch") + ".";
  }
  return text;
}

/// How the best compares with another, as the end of a sentence.
std::string lead_over(const std::vector<core::result_row>& rows,
                      const core::result_row& best,
                      const core::result_row& other) {
  const auto pair = compared(rows, best, other.model);
  if (!pair)
    return in_words(best.mean - other.mean) + " more than " + other.model;
  const auto by_chance = !pair->p_value || *pair->p_value >= 0.05;
  return in_words(pair->mean) + " more than " + other.model + interval_in_words(*pair)
         + (by_chance ? ", which may be chance: " : ": ") + certainty_of(*pair);
}

std::string offline_sentence(const std::vector<core::result_row>& rows) {
  const auto metric = headline_metric(rows, "offline");
  const auto order = ranked(rows, "offline", metric, "all");
  if (order.empty())
    return "";
  const auto& best = order.front();
  auto text = "On " + counted(best.n, "held-out user") + ", " + best.model
              + (order.size() > 1 ? " ranks best: " : " reaches ") + metric + " "
              + in_words(best.mean) + interval_in_words(best) + ".";
  if (order.size() > 1)
    text += " That is " + lead_over(rows, best, order[1]) + ".";
  // The file's model comes first: its reader wants to know about it, whoever won.
  const auto own = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
    return row.stage == "offline" && row.against.empty() && !row.measured;
  });
  const auto popular = std::find_if(order.begin(), order.end(), [](const auto& row) {
    return row.model == "popularity";
  });
  const auto is_told =
    own->model == best.model || (order.size() > 1 && own->model == order[1].model);
  if (!is_told && own->model != "popularity")
    for (const auto& row : order)
      if (row.model == own->model)
        text += " " + row.model + " comes to " + in_words(row.mean)
                + interval_in_words(row) + ".";
  if (popular != order.end() && popular != order.begin()
      && popular != order.begin() + 1)
    text += " Recommending the same popular items to everybody comes to "
            + in_words(popular->mean) + ".";
  return text;
}

std::string stranger_sentence(const std::vector<core::result_row>& rows) {
  const auto metric = headline_metric(rows, "cold_start");
  const auto nothing = ranked(rows, "cold_start", metric, "history=0");
  const auto all = ranked(rows, "cold_start", metric, "history=all");
  if (nothing.empty())
    return "";
  const auto& best = nothing.front();
  auto text = "With nothing known of them, " + counted(best.n, "user")
              + (best.n == 1 ? " is" : " are") + " served best by " + best.model + ": "
              + metric + " " + in_words(best.mean) + interval_in_words(best) + ".";
  if (!all.empty())
    text += " With their whole past known, by " + all.front().model + ": "
            + in_words(all.front().mean) + interval_in_words(all.front()) + ".";
  return text;
}

std::string import_sentence(const manifest& record) {
  const auto read = count_of(record, "rows_read");
  const auto kept = count_of(record, "rows_kept");
  if (read == 0)
    return "";
  if (read == kept)
    return "All " + counted(read, "row") + " of the source were used.";
  auto text = "Of " + counted(read, "row") + " of the source " + counted(kept, "event")
              + (kept == 1 ? " was" : " were")
              + " kept; the others were dropped for the " + "reasons given below.";
  if (const auto bad = count_of(record, "rows_bad"); bad > 0)
    text += " " + counted(bad, "unreadable row") + (bad == 1 ? " is" : " are")
            + " in the quarantine file.";
  return text;
}

} // namespace

std::vector<std::string> sentences_of(const finished_run& run) {
  std::vector<std::string> all{training_sentence(run), offline_sentence(run.rows),
                               stranger_sentence(run.rows), replay_sentence(run.rows)};
  for (auto& sentence : shop_sentences(run.rows))
    all.push_back(std::move(sentence));
  all.push_back(import_sentence(run.record));
  all.erase(std::remove(all.begin(), all.end(), ""), all.end());
  if (all.empty())
    all.emplace_back("This run has no results yet.");
  return all;
}

std::string provenance_of(const finished_run& run) {
  const auto& record = run.record;
  auto text = "souk " + record.souk_version + " (" + record.souk_commit + "), seed "
              + std::to_string(record.seed) + ", started " + record.start;
  double seconds = 0;
  for (const auto& stage : record.stages)
    seconds += stage.seconds;
  if (seconds > 0)
    text += ", took " + in_words(seconds) + " s";
  if (record.end.empty())
    text += ", not finished";
  return text;
}

} // namespace souk::experiments
