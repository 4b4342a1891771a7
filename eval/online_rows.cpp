#include "core/error.hpp"
#include "eval/row_builder.hpp"
#include "eval/rows.hpp"

#include <algorithm>
#include <cmath>

namespace souk::eval {

namespace {

using worlds = std::map<std::uint32_t, double>; ///< a value by world

/// One metric in one group: what every policy came to in each world.
struct online_cell {
  std::string metric;
  std::string group;
  std::map<std::string, worlds> by_policy;
};

void remember(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end())
    names.push_back(name);
}

std::vector<online_cell> cells_of(const std::vector<world_value>& values) {
  std::vector<online_cell> cells;
  std::map<std::pair<std::string, std::string>, std::size_t> numbers;
  for (const auto& each : values) {
    if (!std::isfinite(each.value))
      continue;
    const auto [found, is_new] =
      numbers.try_emplace({each.metric, each.group}, cells.size());
    if (is_new)
      cells.push_back({each.metric, each.group, {}});
    auto& known = cells[found->second].by_policy[each.policy];
    core::expects(known.try_emplace(each.world, each.value).second,
                  "a policy has one value per world, metric and group");
  }
  return cells;
}

std::vector<double> values_of(const worlds& all) {
  std::vector<double> values;
  values.reserve(all.size());
  for (const auto& [world, value] : all)
    values.push_back(value);
  return values;
}

struct paired_worlds {
  std::vector<double> a;
  std::vector<double> b;
};

paired_worlds common_worlds(const worlds& a, const worlds& b) {
  paired_worlds common;
  for (const auto& [world, value] : a) {
    const auto other = b.find(world);
    if (other == b.end())
      continue;
    common.a.push_back(value);
    common.b.push_back(other->second);
  }
  return common;
}

/// Days, queries and shares of the top are curves and lists: pairs of policies would be
/// a crowd.
bool is_compared(const std::string& group) {
  return group.rfind("day=", 0) != 0 && group.rfind("query=", 0) != 0
         && group.rfind("top=", 0) != 0;
}

void add_comparisons(const online_cell& cell,
                     const std::vector<std::string>& policies,
                     row_builder& rows) {
  for (auto policy = policies.begin(); policy != policies.end(); ++policy)
    for (auto against = policy + 1; against != policies.end(); ++against) {
      const auto a = cell.by_policy.find(*policy);
      const auto b = cell.by_policy.find(*against);
      if (a == cell.by_policy.end() || b == cell.by_policy.end())
        continue;
      const auto common = common_worlds(a->second, b->second);
      if (common.a.empty())
        continue;
      rows.add(*policy, *against, cell.metric, cell.group,
               compare_worlds(differences_of(common.a, common.b)));
      const auto gain = variance_gain(common.a, common.b);
      if (gain && cell.group == "all")
        rows.add(*policy, *against, cell.metric + "_variance_gain", cell.group,
                 {{*gain, *gain, *gain, common.a.size()}, std::nullopt});
    }
}

} // namespace

std::vector<core::result_row> rows_of(const std::vector<world_value>& values) {
  std::vector<std::string> policies;
  for (const auto& each : values)
    remember(policies, each.policy);
  row_builder rows{"online"};
  for (const auto& cell : cells_of(values)) {
    for (const auto& policy : policies) {
      const auto found = cell.by_policy.find(policy);
      if (found != cell.by_policy.end())
        rows.add(policy, cell.metric, cell.group,
                 student_t_interval(values_of(found->second)));
    }
    if (is_compared(cell.group))
      add_comparisons(cell, policies, rows);
  }
  return rows.finish();
}

} // namespace souk::eval
