#pragma once

#include "eval/realism/behaviour.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// Two logs made comparable, and what was done to them, as sentences.
struct compared_logs {
  eval::realism::behaviour ours;
  eval::realism::behaviour theirs;
  std::vector<std::string> notes;
};

/// Takes the first `early` share of our time and the last `later` share of theirs,
/// keeps the kinds of events that both have, and cuts both to the same length, since
/// what users do in a window grows with it. Throws `core::error` (of the request) where
/// nothing is left.
compared_logs make_comparable(const eval::realism::behaviour& ours,
                              const eval::realism::behaviour& theirs,
                              double early,
                              double later);

} // namespace souk::experiments
