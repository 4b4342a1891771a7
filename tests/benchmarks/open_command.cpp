#include "core/clock.hpp"
#include "core/random.hpp"
#include "data/dataset_file.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/medians.hpp"
#include "tests/support/scratch_folder.hpp"

#include <filesystem>

namespace souk::benchmarks {

namespace {

/// Events as MovieLens-20M has them: 70 a user, over 20,108 items, a minute apart.
core::dataset synthetic_dataset(std::uint64_t num_events) {
  constexpr std::uint64_t events_per_user = 70;
  constexpr std::uint32_t items = 20'108;
  core::dataset dataset;
  dataset.has_times = true;
  for (std::uint32_t item = 0; item < items; ++item)
    dataset.item_names.push_back(std::to_string(item));
  dataset.events.reserve(num_events);
  for (std::uint64_t i = 0; i < num_events; ++i) {
    const auto user = static_cast<core::user_id>(i / events_per_user);
    if (i % events_per_user == 0)
      dataset.user_names.push_back(std::to_string(user));
    core::event happened;
    happened.user = user;
    happened.item = static_cast<core::item_id>(
      core::below({1, core::stream::synthetic_data, user, 0},
                  static_cast<std::uint32_t>(i % events_per_user), items));
    happened.time = static_cast<core::time_ms>(i % events_per_user) * core::minute_ms;
    dataset.events.push_back(happened);
  }
  return dataset;
}

} // namespace

nlohmann::ordered_json open_dataset(std::uint64_t num_events) {
  refuse_zero(num_events, "--events");
  const tests::scratch_folder folder;
  const auto path = folder / "dataset.h5";
  const auto written = synthetic_dataset(num_events);
  data::write_dataset(path, written);
  std::vector<double> seconds;
  for (int round = 0; round < 5; ++round) {
    const auto began = core::seconds_now();
    const auto read = data::read_dataset(path);
    seconds.push_back(core::seconds_now() - began);
    if (read.events.size() != written.events.size()
        || read.events.back().item != written.events.back().item)
      throw core::error{"what was read is not what was written", path, ""};
  }
  return {{"events", num_events},
          {"file_mb", static_cast<double>(std::filesystem::file_size(path)) / 1e6},
          {"open_seconds", quantile(seconds, 0.5)}};
}

} // namespace souk::benchmarks
