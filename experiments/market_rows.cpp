#include "experiments/market_rows.hpp"

#include "eval/cross_play.hpp"
#include "eval/popularity_rows.hpp"
#include "eval/rank_agreement.hpp"

#include <algorithm>
#include <set>

namespace souk::experiments {

namespace {

/// What policies are ranked by, between generators and against the offline metrics.
const std::string main_metric = "purchases_per_user";

/// Of fewer worlds than these a bootstrap knows too little for an interval.
constexpr std::uint32_t worlds_of_an_interval = 5;

} // namespace

std::vector<market_value> values_of(const sim::market_totals& totals,
                                    const eval::item_counts& counts) {
  std::vector<market_value> values;
  for (const auto& metric : sim::metrics(totals))
    values.push_back({metric.metric, metric.group, metric.value, metric.is_total});
  for (auto& value : eval::popularity_values({}, 0, counts))
    values.push_back({value.metric, value.group, value.value, false});
  return values;
}

market_rows::market_rows(const experiment& options)
  : options_{options}, by_generator_(options.simulation->population.from.size()) {
  // nop
}

void market_rows::add(const std::string& policy,
                      std::uint32_t world,
                      const std::vector<market_value>& values) {
  const auto& simulation = *options_.simulation;
  const auto replicate = sim::replicate_of(simulation, world);
  for (const auto& each : values)
    by_generator_[sim::generator_of(simulation, world)].push_back(
      {{policy, replicate, each.metric, each.group, each.value}, each.is_total});
}

void market_rows::add_zeros(std::vector<policy_value>& values) {
  using group_count = std::pair<std::string, std::string>;
  std::map<std::string, std::set<std::uint32_t>> worlds;
  std::map<std::string, std::map<group_count, std::set<std::uint32_t>>> counted;
  for (const auto& [value, is_total] : values) {
    worlds[value.policy].insert(value.world);
    if (is_total)
      counted[value.policy][{value.metric, value.group}].insert(value.world);
  }
  for (const auto& [policy, counts] : counted)
    for (const auto& [count, present] : counts)
      for (const auto world : worlds[policy])
        if (present.count(world) == 0)
          values.push_back({{policy, world, count.first, count.second, 0}, true});
}

std::vector<core::result_row> market_rows::ordinary() const {
  const auto& simulation = *options_.simulation;
  std::vector<eval::world_value> compared;
  std::map<std::string, std::vector<eval::world_value>> alone;
  auto values = by_generator_.front();
  add_zeros(values);
  for (const auto& [value, is_total] : values) {
    auto& place =
      simulation.design == "ab" && is_total ? alone[value.policy] : compared;
    place.push_back(value);
  }
  auto rows = eval::rows_of(compared);
  for (const auto& policy : simulation.policies) {
    const auto more = eval::rows_of(alone[policy.name]);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

std::vector<std::string> market_rows::policies_of_kind(const std::string& kind) const {
  std::vector<std::string> names;
  for (const auto& policy : options_.simulation->policies)
    for (const auto& model : options_.all_models())
      if (model.name == sim::recommends_with(policy) && model.options.kind == kind)
        names.push_back(policy.name);
  return names;
}

std::string market_rows::policy_that_is(const std::string& model) const {
  for (const auto& policy : options_.simulation->policies)
    if (policy.kind == model && policy.retrain_every == 0)
      return policy.name;
  return {};
}

std::vector<core::result_row>
market_rows::cross_play(const std::map<std::string, std::string>& kinds) const {
  if (by_generator_.size() < 2)
    return {};
  const auto& generators = options_.simulation->population.from;
  std::vector<eval::generator_values> all;
  for (std::size_t i = 0; i < generators.size(); ++i) {
    auto& one = all.emplace_back();
    one.generator = generators[i].name;
    for (const auto& each : by_generator_[i])
      if (!each.is_total)
        one.values.push_back(each.value);
    const auto kind = kinds.find(one.generator);
    if (kind != kinds.end())
      one.own_kind = policies_of_kind(kind->second);
  }
  return eval::cross_play_rows(all, main_metric);
}

void market_rows::add_agreement(const std::vector<data::user_values>& offline,
                                const std::string& metric,
                                std::size_t generator,
                                const std::string& group,
                                std::vector<core::result_row>& rows) const {
  eval::judged_twice models;
  std::vector<std::vector<double>> purchases;
  for (const auto& judged : offline) {
    if (judged.metric != metric)
      continue;
    std::map<std::uint32_t, double> worlds;
    const auto policy = policy_that_is(judged.model);
    for (const auto& [value, is_total] : by_generator_[generator])
      if (value.policy == policy && value.metric == main_metric && value.group == "all")
        worlds[value.world] = value.value;
    if (worlds.size() != options_.simulation->worlds)
      continue; // no policy, or one that nobody met
    models.users.emplace_back(judged.values);
    purchases.emplace_back();
    for (const auto& [world, value] : worlds)
      purchases.back().push_back(value);
  }
  models.worlds.assign(purchases.begin(), purchases.end());
  eval::resampling_options resampling;
  resampling.seed = options_.seed;
  const auto tau = eval::rank_agreement(models, resampling);
  if (!tau)
    return;
  auto row =
    core::exact_row("online", "all", "kendall_tau(" + main_metric + ", " + metric + ")",
                    tau->mean, tau->n);
  row.group = group;
  if (options_.simulation->worlds >= worlds_of_an_interval) {
    row.ci_low = tau->low;
    row.ci_high = tau->high;
  }
  rows.push_back(std::move(row));
}

std::vector<core::result_row>
market_rows::agreement(const std::vector<data::user_values>& offline) const {
  const auto& generators = options_.simulation->population.from;
  std::vector<core::result_row> rows;
  std::set<std::string> metrics;
  for (const auto& judged : offline)
    if (metrics.insert(judged.metric).second) {
      add_agreement(offline, judged.metric, 0, "all", rows);
      for (std::size_t i = 0; i < generators.size() && generators.size() > 1; ++i)
        add_agreement(offline, judged.metric, i, "generator=" + generators[i].name,
                      rows);
    }
  return rows;
}

} // namespace souk::experiments
