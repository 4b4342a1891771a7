#include "eval/cross_play.hpp"

#include "eval/row_builder.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
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

/// The advantage in one world; nothing where a value is missing or nobody buys.
std::optional<double> advantage(const std::vector<relative_values>& all,
                                std::size_t own,
                                const std::pair<std::string, std::uint32_t>& place) {
  auto others = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto found = all[i].find(place);
    if (found == all[i].end())
      return std::nullopt;
    if (i != own)
      others += found->second / static_cast<double>(all.size() - 1);
  }
  const auto value = all[own].at(place) / others - 1;
  return std::isfinite(value) ? std::optional{value} : std::nullopt;
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
      std::vector<double> worlds;
      for (const auto& [place, value] : relative[own])
        if (place.first == policy)
          if (const auto found = advantage(relative, own, place))
            worlds.push_back(*found);
      if (!worlds.empty())
        favours.add(policy, "own_kind_advantage", group_of(generators[own].generator),
                    student_t_interval(worlds));
    }
  const auto more = favours.finish();
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

} // namespace souk::eval
