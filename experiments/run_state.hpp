#pragma once

#include "actors/cluster.hpp"
#include "core/progress.hpp"
#include "core/result_row.hpp"
#include "experiments/experiment.hpp"
#include "experiments/manifest.hpp"
#include "experiments/run_context.hpp"
#include "experiments/run_directory.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// Everything that the stages of a run share.
struct run_state {
  experiment options;
  std::string resolved; ///< the resolved file's text
  /// Folder of a run whose asynchronous trainings are repeated as they went; empty:
  /// they go their own way.
  std::string repeats;
  run_directory* directory = nullptr;
  core::progress* progress = nullptr;
  /// What is going on, for `souk status`.
  std::shared_ptr<actors::run_board> board = std::make_shared<actors::run_board>();
  const std::atomic<bool>* interrupt = nullptr; ///< set by Ctrl-C
  manifest record;
  std::vector<core::result_row> rows; ///< of all stages finished so far
  std::shared_ptr<const prepared_data> data;
  std::shared_ptr<experiment_context> context; ///< of this process, as the cluster's is
  std::unique_ptr<actors::cluster> cluster; ///< opened by the first stage that needs it

  /// Returns the cluster, starting its processes at the first call.
  actors::cluster& open_cluster();

  /// Appends rows and writes `results.json`.
  void add_rows(const std::vector<core::result_row>& more);

  /// Throws `interrupted` if Ctrl-C was pressed.
  void check_interrupt() const;
};

/// Thrown when the user interrupted the run, after what can be saved was saved.
struct interrupted {};

/// Inside a run: how well every model served every test user.
constexpr auto user_values_entry = "evaluation.h5";

/// Imports the source into `dataset.h5` and cuts the split.
void prepare_data(run_state& run);

/// Trains and fits every model into a snapshot.
void train_models(run_state& run);

/// Scores every model on held-out users and on strangers.
void evaluate_models(run_state& run);

/// Lets the population shop against every policy.
void simulate_market(run_state& run);

} // namespace souk::experiments
