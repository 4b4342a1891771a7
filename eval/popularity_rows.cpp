#include "eval/popularity_rows.hpp"

#include "eval/realism/popularity.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace souk::eval {

namespace {

struct top_part {
  const char* group;
  double share;
};

constexpr std::array<top_part, 8> top_parts{{{"top=0.1%", 0.001},
                                             {"top=0.5%", 0.005},
                                             {"top=1%", 0.01},
                                             {"top=2%", 0.02},
                                             {"top=5%", 0.05},
                                             {"top=10%", 0.1},
                                             {"top=20%", 0.2},
                                             {"top=50%", 0.5}}};

/// A number about counts, before it is known whose they are.
struct popularity_number {
  std::string metric;
  std::string group;
  double value = 0;
};

std::vector<popularity_number> numbers_of(realism::rank_counts counts,
                                          const std::string& kind) {
  std::sort(counts.begin(), counts.end(), std::greater<>{});
  if (counts.empty() || counts.front() == 0)
    return {};
  std::vector<popularity_number> numbers;
  for (const auto& [group, share] : top_parts)
    numbers.push_back(
      {kind + "popularity_share", group, realism::top_share(counts, share)});
  numbers.push_back({kind + "gini", "all", realism::gini(counts)});
  return numbers;
}

} // namespace

std::vector<world_value> popularity_values(const std::string& policy,
                                           std::uint32_t world,
                                           const item_counts& counts) {
  std::vector<world_value> values;
  for (const auto& [kind, events] :
       {std::pair{"", &counts.clicks()}, std::pair{"purchase_", &counts.purchases()}})
    for (auto& [metric, group, value] : numbers_of(*events, kind))
      values.push_back({policy, world, metric, group, value});
  return values;
}

std::vector<core::result_row> real_popularity_rows(const core::interactions& training) {
  const auto by_item = core::count_by_item(training);
  std::vector<core::result_row> rows;
  for (const auto& [metric, group, value] :
       numbers_of({by_item.begin(), by_item.end()}, "")) {
    rows.push_back(
      core::exact_row("online", real_events, metric, value, training.items.size()));
    rows.back().group = group;
  }
  return rows;
}

} // namespace souk::eval
