#pragma once

#include "eval/realism/realism.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// What was compared.
struct compared_sizes {
  std::string ours;
  std::string theirs;
  std::uint64_t our_users = 0;
  std::uint64_t their_users = 0;
  std::uint64_t our_events = 0;
  std::uint64_t their_events = 0;
};

/// The report of `souk realism` for people.
std::string realism_text(const eval::realism::realism_report& report,
                         const compared_sizes& sizes,
                         const std::vector<std::string>& notes);

/// The same for programs.
std::string realism_json(const eval::realism::realism_report& report,
                         const compared_sizes& sizes,
                         const std::vector<std::string>& notes);

} // namespace souk::experiments
