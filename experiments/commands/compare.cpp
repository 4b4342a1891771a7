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
    const auto record = read_manifest(run);
    for (const auto& [kind, digest] : record.digests)
      std::cout << "  " << kind << ": " << digest << '\n';
    if (!record.one_answer)
      std::cout << "  (" << record.consistency
                << ": the order of gradients has a part in the digests; souk reproduce "
                   "repeats it)\n";
  }
  std::cout << '\n' << comparison_of(request.files, runs);
}

} // namespace souk::experiments
