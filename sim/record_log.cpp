#include "sim/record_log.hpp"

#include <algorithm>
#include <tuple>

namespace souk::sim {

namespace {

/// Neighbouring records of one user and time, in order already: mostly a slate.
struct run_of_records {
  core::time_ms time;
  core::user_id user;
  std::uint32_t step;
  std::size_t first;
  std::size_t last;
};

} // namespace

std::vector<core::session_record> record_log::take_before(core::time_ms end) {
  std::vector<run_of_records> runs;
  std::size_t num_taken = 0;
  std::vector<core::session_record> later;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& record = records_[i];
    if (record.time >= end) {
      later.push_back(record);
      continue;
    }
    ++num_taken;
    if (!runs.empty() && runs.back().last == i && runs.back().time == record.time
        && runs.back().user == record.user)
      ++runs.back().last;
    else
      runs.push_back({record.time, record.user, record.step, i, i + 1});
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return std::tie(a.time, a.user, a.step) < std::tie(b.time, b.user, b.step);
  });
  std::vector<core::session_record> taken;
  taken.reserve(num_taken);
  for (const auto& run : runs)
    taken.insert(taken.end(), records_.begin() + static_cast<std::ptrdiff_t>(run.first),
                 records_.begin() + static_cast<std::ptrdiff_t>(run.last));
  records_.assign(later.begin(), later.end());
  return taken;
}

core::time_ms record_log::next_time(core::time_ms when_none) const {
  auto earliest = when_none;
  for (const auto& record : records_)
    earliest = std::min(earliest, record.time);
  return earliest;
}

} // namespace souk::sim
