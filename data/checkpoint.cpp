#include "data/checkpoint.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/stored_kind.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace souk::data {

namespace fs = std::filesystem;

namespace {

constexpr const char* extra_prefix = "extra.";

struct named_arena {
  const char* name;
  core::parameter_arena checkpoint::*arena;
};

constexpr named_arena arenas[] = {
  {"parameters", &checkpoint::parameters},
  {"first_moments", &checkpoint::first_moments},
  {"second_moments", &checkpoint::second_moments},
  {"best_parameters", &checkpoint::best_parameters},
};

constexpr const char* residual_count = "residuals";

std::string residual_name(std::size_t block) {
  return "residual_" + std::to_string(block);
}

void write_arena(hdf5::file& file,
                 const std::string& name,
                 const core::parameter_arena& arena) {
  // The manifest's hash guards it.
  file.write_plain_array(name, hdf5::number_kind::f32, {arena.size()}, arena.data());
}

core::parameter_arena
read_arena(const hdf5::file& file, const std::string& name, const std::string& path) {
  const auto shape = file.shape_of(name);
  if (shape.size() != 1)
    throw core::error{'"' + name + "\" is no arena", path, "use an older checkpoint"};
  core::parameter_arena arena(static_cast<std::size_t>(shape.front()));
  file.read_array(name, hdf5::number_kind::f32, arena.data());
  return arena;
}

/// What the file of a state takes at most.
std::uint64_t bytes_of(const checkpoint& state) {
  std::uint64_t numbers = 0;
  for (const auto& [name, arena] : arenas)
    numbers += (state.*arena).size();
  for (const auto& residual : state.residuals)
    numbers += residual.size();
  constexpr std::uint64_t all_else = 65536;
  return numbers * sizeof(float) + all_else;
}

void write_state(const std::string& path, const checkpoint& state) {
  // HDF5 would hold on to a file that it cannot finish, and to the space that it has.
  check_space(path, bytes_of(state));
  auto file = hdf5::file::create(path);
  stored_attributes said{
    {"step", std::to_string(state.step)},
    {"epoch", std::to_string(state.epoch)},
    {"best_metric", exact_text(state.best_metric)},
    {"best_epoch", std::to_string(state.best_epoch)},
    {"patience_left", std::to_string(state.patience_left)},
    {"negative_log_likelihood", exact_text(state.negative_log_likelihood)},
    {"divergence", exact_text(state.divergence)},
    {"configuration_digest", state.configuration_digest},
    {residual_count, std::to_string(state.residuals.size())},
  };
  for (const auto& [name, value] : state.extra)
    said[extra_prefix + name] = value;
  write_kind(file, "checkpoint", std::move(said));
  for (const auto& [name, arena] : arenas)
    write_arena(file, name, state.*arena);
  for (std::size_t block = 0; block < state.residuals.size(); ++block)
    write_arena(file, residual_name(block), state.residuals[block]);
  file.close();
}

checkpoint read_state(const std::string& path) {
  const auto file = hdf5::file::open(path);
  const auto said = read_kind(file, "checkpoint", path);
  checkpoint state;
  state.step = number_of(said, "step", path);
  state.epoch = number_of(said, "epoch", path);
  state.best_metric = real_of(said, "best_metric", path);
  state.best_epoch = number_of(said, "best_epoch", path);
  state.patience_left = number_of(said, "patience_left", path);
  state.negative_log_likelihood = real_of(said, "negative_log_likelihood", path);
  state.divergence = real_of(said, "divergence", path);
  state.configuration_digest = attribute_of(said, "configuration_digest", path);
  const std::string prefix = extra_prefix;
  for (const auto& [name, value] : said)
    if (name.rfind(prefix, 0) == 0)
      state.extra[name.substr(prefix.size())] = value;
  for (const auto& [name, arena] : arenas)
    state.*arena = read_arena(file, name, path);
  for (std::uint64_t block = 0; block < number_of(said, residual_count, path); ++block)
    state.residuals.push_back(read_arena(file, residual_name(block), path));
  return state;
}

/// The manifest of a folder, which must have exactly these bytes to be whole.
std::string manifest_of(std::uint64_t step, const std::string& state_path) {
  return "{\"schema\": 1, \"step\": " + std::to_string(step)
         + ", \"files\": {\"state.h5\": {\"sha256\": \""
         + core::sha256_of_file(state_path)
         + "\", \"bytes\": " + std::to_string(fs::file_size(state_path)) + "}}}\n";
}

/// Steps of the folder's checkpoints, newest first.
std::vector<std::uint64_t> steps_in(const std::string& folder) {
  std::vector<std::uint64_t> steps;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator{folder, problem}) {
    const auto name = entry.path().filename().string();
    std::uint64_t step = 0;
    const auto* end = name.data() + name.size();
    const auto [stopped, failure] = std::from_chars(name.data(), end, step);
    // "007" and the like are not ours.
    if (failure == std::errc{} && stopped == end && name == std::to_string(step))
      steps.push_back(step);
  }
  std::sort(steps.rbegin(), steps.rend());
  return steps;
}

/// The folder that a checkpoint is made in.
std::string temporary_name(const std::string& step) {
  return "." + step + ".tmp";
}

/// Frees the space of checkpoints that were never committed: their writer was killed.
void remove_unfinished(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> unfinished;
  for (const auto& entry : fs::directory_iterator{folder, ignored}) {
    const auto name = entry.path().filename().string();
    const auto digits = name.find_first_not_of("0123456789", 1);
    if (digits != std::string::npos && digits > 1
        && name == temporary_name(name.substr(1, digits - 1)))
      unfinished.push_back(entry.path());
  }
  for (const auto& path : unfinished)
    fs::remove_all(path, ignored);
}

void remove_old(const fs::path& folder, std::size_t keep) {
  const auto steps = steps_in(folder.string());
  std::error_code ignored;
  for (auto i = std::max<std::size_t>(1, keep); i < steps.size(); ++i)
    fs::remove_all(folder / std::to_string(steps[i]), ignored);
}

/// The state's path, once it agrees with the manifest.
std::string verified_state_of(const fs::path& folder, std::uint64_t step) {
  auto state_path = (folder / "state.h5").string();
  const auto manifest_path = (folder / "manifest.json").string();
  if (read_small_file(manifest_path) != manifest_of(step, state_path))
    throw core::error{"the state or its manifest is damaged", folder.string(), ""};
  return state_path;
}

checkpoint read_checkpoint(const fs::path& folder, std::uint64_t step) {
  auto state = read_state(verified_state_of(folder, step));
  if (state.step != step)
    throw core::error{"the state belongs to another step", folder.string(), ""};
  return state;
}

} // namespace

std::string verified_state(const std::string& checkpoint_folder) {
  const fs::path folder{checkpoint_folder};
  const auto steps = steps_in(folder.parent_path().string());
  for (const auto step : steps)
    if (folder.filename() == std::to_string(step))
      return verified_state_of(folder, step);
  throw core::error{"this is no checkpoint's folder", checkpoint_folder,
                    "checkpoints lie in checkpoints/<step>/ of a run"};
}

void write_checkpoint(const std::string& checkpoints_folder,
                      const checkpoint& state,
                      std::size_t keep) {
  const fs::path folder{checkpoints_folder};
  const auto step = std::to_string(state.step);
  const auto temporary = folder / temporary_name(step);
  const auto final_place = folder / step;
  // Where the disk is full, what was begun would keep it so.
  const auto give_up = [&] {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
  };
  remove_unfinished(folder);
  try {
    fs::create_directories(temporary);
    const auto state_path = (temporary / "state.h5").string();
    write_state(state_path, state);
    sync_to_disk(state_path);
    write_small_file((temporary / "manifest.json").string(),
                     manifest_of(state.step, state_path));
    sync_to_disk(temporary.string());
    // A step that is written again, after a resume, replaces what a folder cannot.
    fs::remove_all(final_place);
    rename_to(temporary.string(), final_place.string());
    sync_to_disk(checkpoints_folder);
  } catch (const fs::filesystem_error& problem) {
    give_up();
    throw core::error{std::string{"cannot write the checkpoint ("} + problem.what()
                        + ")",
                      checkpoints_folder, "check the folder and the space left"};
  } catch (...) {
    give_up();
    throw;
  }
  remove_old(folder, keep);
}

std::optional<checkpoint> read_latest_checkpoint(const std::string& checkpoints_folder,
                                                 std::vector<std::string>& warnings) {
  const fs::path folder{checkpoints_folder};
  for (const auto step : steps_in(checkpoints_folder)) {
    try {
      return read_checkpoint(folder / std::to_string(step), step);
    } catch (const std::exception& problem) {
      warnings.push_back("the checkpoint of step " + std::to_string(step)
                         + " cannot be used: " + problem.what());
    }
  }
  return {};
}

} // namespace souk::data
