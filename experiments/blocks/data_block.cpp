#include "experiments/blocks.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

const words_for<core::event_kind> event_words{
  {"view", core::event_kind::view},
  {"click", core::event_kind::click},
  {"cart", core::event_kind::cart},
  {"purchase", core::event_kind::purchase},
  {"return", core::event_kind::product_return},
  {"rating", core::event_kind::rating},
  {"search", core::event_kind::search}};

/// Reads a list of kinds of events.
void read_kinds(section& block,
                const std::string& key,
                std::vector<core::event_kind>& kinds) {
  std::vector<std::string> known;
  std::vector<std::string> words;
  for (const auto& [word, kind] : event_words) {
    known.push_back(word);
    for (const auto chosen : kinds)
      if (chosen == kind)
        words.push_back(word);
  }
  block.read(key, words, one_of(known) & not_empty() & distinct());
  kinds.clear();
  for (const auto& word : words)
    for (const auto& [name, kind] : event_words)
      if (name == word)
        kinds.push_back(kind);
}

void read_columns(section columns, data::csv_columns& options) {
  columns.require("user", options.user, not_empty());
  columns.require("item", options.item, not_empty());
  columns.read("time", options.time);
  columns.read("value", options.value);
  columns.read("event", options.event);
  columns.read("price", options.price);
  columns.finish();
}

void read_source(section source,
                 data::source_options& options,
                 simulated_source& simulated) {
  source.require("kind", options.kind,
                 one_of({"atomic", "movielens", "retailrocket", "online_retail",
                         "sessions", "csv", "given_split", "dataset", "simulated"}));
  if (options.kind != "simulated")
    source.require("path", options.path, existing_path());
  if (options.kind == "csv") {
    read_columns(source.require_at("columns"), options.columns);
    source.read("delimiter", options.columns.delimiter, not_empty());
    source.read("header", options.columns.header);
    source.read("time_format", options.time_format,
                one_of({"automatic", "seconds", "milliseconds", "iso", "day_month_year",
                        "month_day_year"}));
  }
  if (options.kind == "given_split")
    source.read("attributes", options.attributes);
  if (options.kind == "simulated") {
    source.read("items", simulated.items, at_least(20) & at_most(1000000));
    source.read("users", simulated.users, at_least(20) & at_most(10000000));
    source.read("days", simulated.days, positive() & at_most(3650));
  }
  source.finish();
}

/// Reads what is dropped from a source. Nothing is dropped from what is simulated.
void read_clean(section clean,
                const std::string& source,
                data::clean_options& options) {
  if (source == "simulated") {
    // Only users of a published model view products by themselves.
    options.positives.insert(options.positives.begin(), core::event_kind::view);
    read_kinds(clean, "positives", options.positives);
    return clean.finish();
  }
  clean.read("positive_above", options.positive_above);
  clean.read("min_user_events", options.min_user_events);
  clean.read("min_item_users", options.min_item_users);
  clean.read("drop_duplicates", options.drop_duplicates);
  read_kinds(clean, "positives", options.positives);
  const auto& positives = options.positives;
  if (source != "dataset"
      && std::count(positives.begin(), positives.end(), core::event_kind::view) > 0)
    throw clean.error_at("positives", "names view, which is imported as click",
                         "write click");
  auto bad_rows = clean.at("bad_rows");
  bad_rows.read("allow", options.bad_rows_allow);
  bad_rows.finish();
  clean.finish();
}

void read_split(section split, data::split_options& options) {
  split.read("kind", options.kind,
             one_of({"strong_generalisation", "leave_one_out", "by_time", "given"}));
  if (options.kind == "strong_generalisation") {
    split.read("held_out_users", options.held_out_users, positive());
    split.read("fold_in", options.fold_in, between(0.05, 0.95));
  }
  if (options.kind == "strong_generalisation" || options.kind == "leave_one_out")
    split.read("seed", options.seed, or_word("as_run"));
  if (options.kind == "by_time") {
    split.read("train_until", options.train_until, between(0.01, 0.98));
    split.read("validate_until", options.validate_until,
               between(options.train_until, 0.99));
  }
  split.finish();
}

} // namespace

void read_data(section data, data_options& options) {
  read_source(data.require_at("source"), options.source, options.simulated);
  read_clean(data.at("clean"), options.source.kind, options.clean);
  auto pseudonyms = data.at("pseudonymise");
  std::optional<std::string> key_file;
  pseudonyms.read("key_file", key_file, existing_file());
  options.pseudonymise.key_file = key_file.value_or("");
  pseudonyms.finish();
  if (options.source.kind == "given_split")
    options.split.kind = "given";
  read_split(data.at("split"), options.split);
  options.split.positives = options.clean.positives;
  data.finish();
}

} // namespace souk::experiments
