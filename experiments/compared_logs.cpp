#include "experiments/compared_logs.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstdio>

namespace souk::experiments {

namespace {

using eval::realism::behaviour;
using eval::realism::kind_counts;

std::string in_days(core::time_ms length) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f days",
                static_cast<double>(length) / core::day_ms);
  return text;
}

void note_kinds(const kind_counts& mine,
                const kind_counts& others,
                const std::string& whose,
                std::vector<std::string>& notes) {
  std::string words;
  for (std::size_t kind = 0; kind < mine.size(); ++kind)
    if (mine[kind] > 0 && others[kind] == 0)
      words += (words.empty() ? "" : ", ")
               + core::to_string(static_cast<core::event_kind>(kind)) + "s";
  if (!words.empty())
    notes.push_back("only " + whose + " log has " + words + ": left out");
}

} // namespace

compared_logs make_comparable(const behaviour& ours,
                              const behaviour& theirs,
                              double early,
                              double later) {
  compared_logs made;
  const auto our_kinds = count_kinds(ours);
  const auto their_kinds = count_kinds(theirs);
  note_kinds(our_kinds, their_kinds, "the first", made.notes);
  note_kinds(their_kinds, our_kinds, "the second", made.notes);
  made.ours = only_kinds(ours, their_kinds);
  made.theirs = only_kinds(theirs, our_kinds);
  if (made.ours.events.empty())
    throw core::error::request("the logs have no kind of event in common",
                               "souk realism", "compare logs of the same kind of shop");
  if (!ours.has_times || !theirs.has_times) {
    made.notes.push_back("without times in both logs, both are taken whole");
    return made;
  }
  made.ours = part_of(made.ours, 0, early);
  made.theirs = part_of(made.theirs, 1 - later, 1);
  const auto our_length = made.ours.last_time() - made.ours.first_time() + 1;
  const auto their_length = made.theirs.last_time() - made.theirs.first_time() + 1;
  const auto length = std::min(our_length, their_length);
  made.ours = first_of(made.ours, length);
  made.theirs = first_of(made.theirs, length);
  // A day more or less is how a log happens to end.
  if (std::max(our_length, their_length) - length > core::day_ms)
    made.notes.push_back("the logs last " + in_days(our_length) + " and "
                         + in_days(their_length) + ": the first " + in_days(length)
                         + " of each are compared");
  return made;
}

} // namespace souk::experiments
