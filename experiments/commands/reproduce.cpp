#include "core/log.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/run_directory.hpp"

#include <iostream>

namespace souk::experiments {

bool reproduce_run(const command& request) {
  const auto& run = request.files.at(0);
  const auto before = read_manifest(run);
  auto again = request;
  again.what = verb::run;
  again.files = {run + "/config.yaml"};
  const auto after = read_manifest(run_experiment(again));
  auto same = true;
  for (const auto& [name, digest] : before.digests) {
    const auto found = after.digests.find(name);
    const auto equal = found != after.digests.end() && found->second == digest;
    std::cout << name << ": " << digest << (equal ? " reproduced" : " NOT reproduced")
              << '\n';
    same = same && equal;
  }
  if (!same) {
    const auto differs = core::difference(after.platform, before.platform);
    core::log::failure("the numbers differ"
                       + (differs.empty() ? std::string{} : "; so does the platform: ")
                       + differs);
  }
  return same;
}

} // namespace souk::experiments
