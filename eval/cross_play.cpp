#include "eval/cross_play.hpp"

#include "eval/row_builder.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace souk::eval {

namespace {

std::string group_of(const std::string& generator) {
  return "generator=" + generator;
}

/// Values of one metric by (policy, world), each divided by its world's mean.
using relative_values = std::map<std::pair<std::string, std::uint32_t>, double>;

relative_values relative_to_world(const generator_values& generator,
                                  const std::string& metric) {
  std::map<std::uint32_t, std::vector<double>> by_world;
  relative_values values;
  for (const auto& each : generator.values)
    if (each.metric == metric && each.group == "all" && std::isfinite(each.value)) {
      by_world[each.world].push_back(each.value);
      values[{each.policy, each.world}] = each.value;
    }
  for (auto& [place, value] : values)
    value /= mean_of(by_world[place.second]);
  return values;
}

/// What a policy came to in one world: among a generator's shoppers, and on average
/// among the other generators'.
struct home_and_away {
  std::string policy;
  double home = 0;
  double away = 0;
};

/// Nothing of policies that were not met by all generators' shoppers.
std::vector<home_and_away> compare(const std::vector<relative_values>& all,
                                   std::size_t home,
                                   std::uint32_t world) {
  std::vector<home_and_away> compared;
  for (const auto& [place, value] : all[home]) {
    if (place.second != world)
      continue;
    home_and_away of_policy{place.first, value, 0};
    for (std::size_t i = 0; i < all.size(); ++i)
      if (i != home) {
        const auto found = all[i].find(place);
        of_policy.away += found == all[i].end()
                            ? std::nan("")
                            : found->second / static_cast<double>(all.size() - 1);
      }
    if (std::isfinite(of_policy.home) && std::isfinite(of_policy.away))
      compared.push_back(of_policy);
  }
  return compared;
}

/// Reads what is expected at home off the line through policies; nothing where they are
/// too few, or all alike.
std::optional<double> expected_at_home(const std::vector<home_and_away>& others,
                                       double away) {
  if (others.size() < 3)
    return std::nullopt;
  std::vector<double> x;
  std::vector<double> y;
  for (const auto& each : others) {
    x.push_back(each.away);
    y.push_back(each.home);
  }
  const auto mean_x = mean_of(x);
  const auto mean_y = mean_of(y);
  auto slope = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    slope += (x[i] - mean_x) * (y[i] - mean_y);
  const auto squares = variance_of(x) * static_cast<double>(x.size() - 1);
  if (squares < 1e-12)
    return std::nullopt;
  return mean_y + slope / squares * (away - mean_x);
}

/// The advantages of one policy of a generator's own kind, world by world.
std::vector<double> advantages(const std::vector<relative_values>& all,
                               std::size_t home,
                               const std::vector<std::string>& own_kind,
                               const std::string& policy) {
  std::set<std::uint32_t> worlds;
  for (const auto& [place, value] : all[home])
    worlds.insert(place.second);
  std::vector<double> found;
  for (const auto world : worlds) {
    std::vector<home_and_away> others;
    std::optional<home_and_away> own;
    for (const auto& each : compare(all, home, world))
      if (each.policy == policy)
        own = each;
      else if (std::find(own_kind.begin(), own_kind.end(), each.policy)
               == own_kind.end())
        others.push_back(each);
    if (!own)
      continue;
    if (const auto expected = expected_at_home(others, own->away))
      found.push_back(own->home - *expected);
  }
  return found;
}

} // namespace

std::vector<core::result_row>
cross_play_rows(const std::vector<generator_values>& generators,
                const std::string& metric) {
  std::vector<core::result_row> rows;
  std::vector<relative_values> relative;
  for (const auto& generator : generators) {
    auto values = generator.values;
    const auto is_other = [](const world_value& each) {
      return each.group != "all";
    };
    values.erase(std::remove_if(values.begin(), values.end(), is_other), values.end());
    for (auto& each : values)
      each.group = group_of(generator.generator);
    const auto more = rows_of(values);
    rows.insert(rows.end(), more.begin(), more.end());
    relative.push_back(relative_to_world(generator, metric));
  }
  row_builder favours{"online"};
  for (std::size_t own = 0; own < generators.size() && generators.size() > 1; ++own)
    for (const auto& policy : generators[own].own_kind) {
      const auto worlds = advantages(relative, own, generators[own].own_kind, policy);
      if (worlds.size() > 1) // one says nothing of chance
        favours.add(policy, "own_kind_advantage", group_of(generators[own].generator),
                    student_t_interval(worlds));
    }
  const auto more = favours.finish();
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

} // namespace souk::eval
