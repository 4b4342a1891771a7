#include "core/error.hpp"
#include "eval/row_builder.hpp"
#include "eval/rows.hpp"

namespace souk::eval {

namespace {

struct pair_of_models {
  std::size_t model;
  std::size_t against;
};

/// Values per user of all models by one metric, and which models are compared.
struct metric_table {
  std::vector<std::string> models;
  std::vector<core::span<const double>> values; ///< [models][users]
  std::vector<pair_of_models> pairs;
};

bool same_metrics(const std::vector<metric>& a, const std::vector<metric>& b) {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].kind != b[i].kind || a[i].k != b[i].k)
      return false;
  return true;
}

void add_rows(const metric_table& table,
              const std::string& metric,
              const std::string& group,
              const resampling_options& options,
              row_builder& rows) {
  const auto intervals = bootstrap_intervals(table.values, options);
  for (std::size_t model = 0; model < table.models.size(); ++model)
    rows.add(table.models[model], metric, group, intervals[model]);

  std::vector<std::vector<double>> differences;
  for (const auto& pair : table.pairs)
    differences.push_back(
      differences_of(table.values[pair.model], table.values[pair.against]));
  const std::vector<core::span<const double>> columns(differences.begin(),
                                                      differences.end());
  const auto compared = compare_users(columns, options);
  for (std::size_t i = 0; i < table.pairs.size(); ++i)
    rows.add(table.models[table.pairs[i].model], table.models[table.pairs[i].against],
             metric, group, compared[i]);
}

std::vector<pair_of_models> every_pair(std::size_t num_models) {
  std::vector<pair_of_models> pairs;
  for (std::size_t model = 0; model < num_models; ++model)
    for (auto against = model + 1; against < num_models; ++against)
      pairs.push_back({model, against});
  return pairs;
}

std::vector<pair_of_models> first_against_others(std::size_t num_models) {
  std::vector<pair_of_models> pairs;
  for (std::size_t against = 1; against < num_models; ++against)
    pairs.push_back({0, against});
  return pairs;
}

} // namespace

std::vector<core::result_row> rows_of(const std::vector<evaluation>& evaluations,
                                      const resampling_options& options) {
  if (evaluations.empty() || evaluations.front().users.empty())
    return {};
  const auto& first = evaluations.front();
  for (const auto& each : evaluations)
    core::expects(each.users == first.users
                    && same_metrics(each.metrics, first.metrics),
                  "evaluations in one table are of the same users and metrics");
  row_builder rows{"offline"};
  for (std::size_t number = 0; number < first.metrics.size(); ++number) {
    const auto name = to_string(first.metrics[number]);
    metric_table table{{}, {}, every_pair(evaluations.size())};
    for (const auto& each : evaluations) {
      table.models.push_back(each.model);
      table.values.emplace_back(each.values[number]);
    }
    if (first.metrics[number].is_per_user())
      add_rows(table, name, "all", options, rows);
    else
      for (const auto& each : evaluations) {
        const auto whole = each.overall[number];
        rows.add(each.model, name, "all", {whole, whole, whole, each.users.size()});
      }
  }
  return rows.finish();
}

std::vector<core::result_row> rows_of(const std::vector<cold_start_curve>& curves,
                                      const resampling_options& options) {
  if (curves.empty() || curves.front().users.empty())
    return {};
  const auto& first = curves.front();
  for (const auto& each : curves)
    core::expects(each.users == first.users && same_metrics(each.metrics, first.metrics)
                    && each.buckets.size() == first.buckets.size(),
                  "curves in one table are of the same users, metrics and buckets");
  row_builder rows{"cold_start"};
  for (std::size_t number = 0; number < first.metrics.size(); ++number)
    for (std::size_t bucket = 0; bucket < first.buckets.size(); ++bucket) {
      metric_table table{{}, {}, first_against_others(curves.size())};
      for (const auto& each : curves) {
        table.models.push_back(each.model);
        table.values.emplace_back(each.buckets[bucket].values[number]);
      }
      add_rows(table, to_string(first.metrics[number]),
               to_group(first.buckets[bucket].history), options, rows);
    }
  return rows.finish();
}

} // namespace souk::eval
