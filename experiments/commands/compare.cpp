#include "experiments/commands/commands.hpp"
#include "experiments/results_file.hpp"
#include "experiments/run_directory.hpp"
#include "experiments/summary.hpp"

#include <iostream>

namespace souk::experiments {

void compare_runs(const command& request) {
  std::vector<std::vector<core::result_row>> runs;
  for (const auto& run : request.files) {
    runs.push_back(read_results(run + "/results.json"));
    std::cout << run << '\n';
    for (const auto& [kind, digest] : read_manifest(run).digests)
      std::cout << "  " << kind << ": " << digest << '\n';
  }
  std::cout << '\n' << comparison_of(request.files, runs);
}

} // namespace souk::experiments
