#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/run_directory.hpp"

#include <iostream>

namespace souk::experiments {

namespace {

/// The verb that goes as far as the run went.
verb verb_of(const manifest& record) {
  if (!record.finished("train"))
    return verb::import;
  const auto evaluated = record.finished("evaluate");
  if (record.finished("simulate"))
    return evaluated ? verb::run : verb::simulate;
  return evaluated ? verb::evaluate : verb::train;
}

} // namespace

bool reproduce_run(const command& request) {
  const auto& run = request.files.at(0);
  const auto before = read_manifest(run);
  if (before.digests.empty() || before.end.empty())
    throw core::error::request("the run is not finished", run,
                               "finish it with --resume first");
  auto again = request;
  again.what = verb_of(before);
  again.files = {run + "/config.yaml"};
  again.repeats = run;
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
