#include "eval/replay_rows.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "eval/ratio_intervals.hpp"
#include "eval/row_builder.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace souk::eval {

namespace {

constexpr std::array<std::uint32_t, 9> bucket_begins{0, 1, 2, 3, 4, 5, 10, 20, 50};
constexpr std::array<const char*, 9> bucket_names{"0",   "1",     "2",     "3",  "4",
                                                  "5-9", "10-19", "20-49", "50+"};

std::size_t bucket_number(std::uint32_t count) {
  const auto above =
    std::upper_bound(bucket_begins.begin(), bucket_begins.end(), count);
  return static_cast<std::size_t>(above - bucket_begins.begin()) - 1;
}

/// Collects users' sums of one group, user after user.
class group_collector {
public:
  explicit group_collector(std::size_t num_metrics) {
    sums_.sums.resize(num_metrics);
  }

  void add(core::user_id user,
           std::uint32_t rank,
           const std::vector<std::vector<double>>& values) {
    if (sums_.users.empty() || sums_.users.back() != user) {
      sums_.users.push_back(user);
      sums_.events.push_back(0);
      for (auto& column : sums_.sums)
        column.push_back(0);
    }
    ++sums_.events.back();
    for (std::size_t metric = 0; metric < values.size(); ++metric)
      if (rank < values[metric].size())
        sums_.sums[metric].back() += values[metric][rank];
  }

  user_sums take() {
    return std::move(sums_);
  }

private:
  user_sums sums_;
};

/// The judged predictions, user after user, users numbered anew from 0: those without
/// any say nothing and are not resampled.
struct judged_events {
  std::vector<core::replay_prediction> by_user;
  std::size_t num_users = 0;
};

judged_events judged_of(const std::vector<core::replay_prediction>& all) {
  judged_events judged;
  for (const auto& each : all)
    if (each.verdict == core::replay_verdict::judged)
      judged.by_user.push_back(each);
  std::stable_sort(judged.by_user.begin(), judged.by_user.end(),
                   [](const auto& a, const auto& b) { return a.user < b.user; });
  auto before = core::no_user;
  for (auto& each : judged.by_user) {
    if (each.user != before)
      ++judged.num_users;
    before = std::exchange(each.user, static_cast<core::user_id>(judged.num_users - 1));
  }
  return judged;
}

/// Groups in the order in which they are shown.
struct named_groups {
  std::vector<std::string> names;
  std::vector<user_sums> sums;
};

named_groups groups_of(const judged_events& judged,
                       const std::vector<std::vector<double>>& values) {
  // Sorted by kind of group, then by bucket: the order in which they are shown.
  std::map<std::pair<int, std::size_t>, group_collector> groups;
  const auto add = [&](int kind, std::size_t bucket,
                       const core::replay_prediction& each) {
    groups.try_emplace({kind, bucket}, values.size())
      .first->second.add(each.user, each.rank, values);
  };
  for (const auto& each : judged.by_user) {
    add(0, 0, each);
    add(1, bucket_number(each.position), each);
    add(2, bucket_number(each.history), each);
  }
  const std::array<std::string, 3> kinds{"all", "position=", "history="};
  named_groups named;
  for (auto& [key, group] : groups) {
    const auto& [kind, bucket] = key;
    named.names.push_back(kinds.at(static_cast<std::size_t>(kind))
                          + (kind == 0 ? "" : bucket_names.at(bucket)));
    named.sums.push_back(group.take());
  }
  return named;
}

void add_counts(const replayed& whole, std::vector<core::result_row>& rows) {
  std::array<std::uint64_t, core::num_replay_verdicts> counts{};
  std::vector<core::user_id> users;
  for (const auto& each : whole.predictions) {
    ++counts.at(static_cast<std::size_t>(each.verdict));
    users.push_back(each.user);
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  const auto add = [&](const char* metric, std::uint64_t count) {
    rows.push_back(core::exact_row("replay", whole.model, metric,
                                   static_cast<double>(count), count));
  };
  add("users", users.size());
  add("events", whole.predictions.size());
  const std::array<const char*, core::num_replay_verdicts> names{
    "events_judged", "events_unknown_item", "events_repeated", "events_learned"};
  for (std::size_t i = 0; i < names.size(); ++i)
    add(names.at(i), counts.at(i));
}

} // namespace

std::vector<double> values_by_rank(const metric& wanted) {
  const judge by{wanted};
  const std::array<core::item_id, 1> looked_for{1};
  std::vector<core::item_id> slate(wanted.k, core::no_item);
  std::vector<double> values{by.value(slate, looked_for)};
  for (auto& place : slate) {
    place = looked_for.front();
    values.push_back(by.value(slate, looked_for));
    place = core::no_item;
  }
  return values;
}

std::string bucket_of(std::uint32_t count) {
  return bucket_names.at(bucket_number(count));
}

std::vector<core::result_row> rows_of(const replayed& whole,
                                      const std::vector<metric>& metrics,
                                      const resampling_options& options) {
  std::vector<std::vector<double>> values;
  for (const auto& wanted : metrics)
    values.push_back(values_by_rank(wanted));
  const auto judged = judged_of(whole.predictions);
  const auto groups = groups_of(judged, values);
  const auto intervals = ratio_intervals(groups.sums, judged.num_users, options);
  row_builder rows{"replay"};
  for (std::size_t group = 0; group < groups.names.size(); ++group)
    for (std::size_t metric = 0; metric < metrics.size(); ++metric)
      rows.add(whole.model, to_string(metrics[metric]), groups.names[group],
               intervals[group][metric]);
  auto all = rows.finish();
  add_counts(whole, all);
  return all;
}

std::vector<core::result_row> measured_rows_of(const replayed& whole) {
  std::vector<core::result_row> rows;
  const auto add = [&](const char* metric, double value, std::uint64_t n) {
    rows.push_back(core::exact_row("replay", whole.model, metric, value, n));
    rows.back().measured = true;
  };
  const auto add_rate = [&](const char* metric, std::size_t count) {
    if (whole.seconds > 0)
      add(metric, static_cast<double>(count) / whole.seconds, count);
  };
  add_rate("events_per_second", whole.predictions.size());
  add_rate("predictions_per_second", whole.latencies_ms.size());
  std::vector<double> latencies(whole.latencies_ms.begin(), whole.latencies_ms.end());
  if (latencies.empty())
    return rows;
  std::sort(latencies.begin(), latencies.end());
  for (const auto& [metric, probability] :
       {std::pair{"latency_p50_ms", 0.5}, std::pair{"latency_p90_ms", 0.9},
        std::pair{"latency_p99_ms", 0.99}, std::pair{"latency_max_ms", 1.0}})
    add(metric, quantile_of(latencies, probability), latencies.size());
  return rows;
}

std::string digest_of(core::span<const core::replay_prediction> predictions) {
  core::digest whole;
  for (const auto& each : predictions) {
    whole.feed(each.user);
    whole.feed(each.rank);
    whole.feed(each.position);
    whole.feed(each.history);
    whole.feed(static_cast<std::uint32_t>(each.verdict));
  }
  return whole.finish();
}

} // namespace souk::eval
