#include "core/clock.hpp"
#include "core/log.hpp"
#include "data/dataset_file.hpp"
#include "data/import.hpp"
#include "experiments/generators.hpp"
#include "experiments/number_words.hpp"
#include "experiments/run_state.hpp"
#include "experiments/simulated_source.hpp"
#include "models/segment_popularity.hpp"

#include <filesystem>

namespace souk::experiments {

namespace {

/// What the report says about the import.
void note(const data::import_report& report, manifest& record) {
  record.data["rows_read"] = report.rows_read;
  record.data["rows_bad"] = report.rows_bad;
  record.data["rows_kept"] = report.rows_kept;
  for (const auto& [reason, rows] : report.rows_dropped)
    record.data["dropped: " + reason] = rows;
}

core::dataset make_dataset(run_state& run) {
  const auto& options = *run.options.data;
  if (options.source.kind == "simulated")
    return simulate_source(run.options, *run.progress);
  const auto quarantine = *run.directory / "quarantine.tsv";
  auto imported = data::import_source(options.source, options.clean,
                                      options.pseudonymise, quarantine, *run.progress);
  core::log::info(imported.report.to_text());
  note(imported.report, run.record);
  return std::move(imported.dataset);
}

void note(const prepared_data& data, manifest& record) {
  record.data["users"] = data.dataset.user_names.size();
  record.data["items"] = data.dataset.item_names.size();
  record.data["events"] = data.dataset.events.size();
  record.data["training_users"] = data.split.training_users.size();
  record.data["training_items"] = data.split.items.size();
  record.data["training_interactions"] = data.split.training.items.size();
  record.data["validation_users"] = data.split.validation.users.size();
  record.data["test_users"] = data.split.test.users.size();
  core::log::info("data: " + grouped(data.split.training_users.size())
                  + " training users, " + grouped(data.split.items.size()) + " items, "
                  + grouped(data.split.training.items.size()) + " interactions; "
                  + grouped(data.split.validation.users.size()) + " validation and "
                  + grouped(data.split.test.users.size()) + " test users");
}

/// Refuses what the data cannot give later stages, before anything is trained.
void check_suffices(const experiment& options, const prepared_data& data) {
  check_all_seen(options, data);
  const auto& shop = options.simulation;
  if (shop && shop->catalogue.from == "dataset" && !sim::is_published_model(*shop))
    sim::check_items_at_start(*shop,
                              static_cast<std::uint32_t>(data.split.items.size()));
  for (const auto& model : options.all_models())
    if (model.options.kind == "segment_popularity")
      models::check_segments(model.options, data.training_attributes);
}

} // namespace

void prepare_data(run_state& run) {
  const auto started = core::seconds_now();
  const auto path = *run.directory / "dataset.h5";
  const auto finished = run.directory->finished("import");
  auto dataset = finished ? data::read_dataset(path) : make_dataset(run);
  if (!finished) {
    data::write_dataset(path, dataset);
    run.record.digests["dataset"] = data::digest_of(dataset);
  }
  run.data = prepare(std::move(dataset), run.options);
  check_suffices(run.options, *run.data);
  if (finished)
    return;
  note(*run.data, run.record);
  std::vector<std::string> files{"dataset.h5"};
  if (std::filesystem::exists(*run.directory / "quarantine.tsv"))
    files.emplace_back("quarantine.tsv");
  const auto generators = keep_generators(run);
  files.insert(files.end(), generators.begin(), generators.end());
  run.directory->mark_finished(run.record, "import", core::seconds_now() - started,
                               files);
}

} // namespace souk::experiments
