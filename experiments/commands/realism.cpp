#include "eval/realism/realism.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/behaviour_source.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/compared_logs.hpp"
#include "experiments/progress_bar.hpp"
#include "experiments/realism_text.hpp"

#include <iostream>

namespace souk::experiments {

void score_log(const command& request) {
  const auto& words = request.realism;
  progress_bar bar;
  core::silent_progress silence;
  auto& progress = request.quiet ? static_cast<core::progress&>(silence) : bar;
  check_folder_of(words.json);
  const auto ours = read_behaviour(request.files.at(0), words.policy, progress);
  const auto theirs = read_behaviour(words.against, words.policy, progress);
  bar.clear();
  const auto logs = make_comparable(ours, theirs, words.early, words.later);
  eval::realism::realism_options options;
  options.seed = words.seed;
  const auto our_visits = eval::realism::cut_into_visits(logs.ours);
  const auto their_visits = eval::realism::cut_into_visits(logs.theirs);
  const auto report = eval::realism::score_realism(our_visits, their_visits, options);
  const compared_sizes sizes{request.files.at(0),     words.against,
                             our_visits.num_users(),  their_visits.num_users(),
                             logs.ours.events.size(), logs.theirs.events.size()};
  std::cout << realism_text(report, sizes, logs.notes) << std::flush;
  if (!words.json.empty())
    write_file_atomically(words.json, realism_json(report, sizes, logs.notes));
}

} // namespace souk::experiments
