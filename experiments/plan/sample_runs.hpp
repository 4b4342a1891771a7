#pragma once

#include "core/progress.hpp"
#include "experiments/plan/profile.hpp"
#include "experiments/run_context.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// Short trainings of a file's model that its costs are found from.
class sample_runs {
public:
  /// Reads the file; sets numbers and instruction set. Throws `core::error` (of the
  /// request) if it trains no model step by step.
  sample_runs(std::string file, std::vector<std::string> overrides);

  const experiment& options() const {
    return options_;
  }

  /// Reads the data that runs share from a run's folder, or imports it into a new one.
  void data_of(const std::string& run);
  void import(const std::string& folder, core::progress& progress);

  /// Trains some dozens of steps, two epochs at least, under bsp without compression in
  /// so many processes, each with a trainer and a server; the run lands in a folder of
  /// `folder`. Nothing but the training is done. Needs the data. Throws `core::error`;
  /// `interrupted` on Ctrl-C.
  measured_run train(const std::string& folder,
                     std::uint32_t processes,
                     bool by_item,
                     core::progress& progress,
                     const std::atomic<bool>& interrupt);

  /// The size of the file's training. Needs the data.
  training_size size() const {
    return size_of(options_, *data_);
  }

  /// Whether the file's model and catalogue can be placed by item.
  bool can_be_by_item() const;

private:
  std::string file_;
  std::vector<std::string> overrides_;
  experiment options_;
  std::shared_ptr<const prepared_data> data_;
};

} // namespace souk::experiments
