#include "eval/cold_start.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "eval/judged_slates.hpp"
#include "eval/slate_blocks.hpp"

#include <algorithm>
#include <numeric>

namespace souk::eval {

namespace {

void check(const std::vector<metric>& metrics, const cold_start_options& options) {
  const std::string where = "cold start";
  if (metrics.empty())
    throw core::error::request("none of the metrics has a value per user", where,
                               "add one that has, as in ndcg@100");
  if (options.draws == 0)
    throw core::error::request("there are no draws to average over", where,
                               "set evaluation.history.draws to 1 or more");
  for (const auto& history : options.history)
    if (history && *history > options.min_fold_in)
      throw core::error::request(
        "a history of " + std::to_string(*history)
          + " events is asked for, of users who" + " may have "
          + std::to_string(options.min_fold_in),
        where, "raise evaluation.history.min_fold_in or leave that history out");
}

/// Orders the positions of a row by when its events become known.
std::vector<std::uint32_t> order_of(const core::held_out_set& held_out,
                                    std::uint32_t row,
                                    std::uint64_t seed,
                                    std::uint32_t draw) {
  const auto times = held_out.fold_in.times_of_row(row);
  const auto count = static_cast<std::uint32_t>(held_out.fold_in.row(row).size());
  if (held_out.fold_in.times.empty())
    return core::permutation(
      {seed, core::stream::sample_history, held_out.users[row], draw}, count);
  std::vector<std::uint32_t> positions(count);
  std::iota(positions.begin(), positions.end(), 0U);
  std::stable_sort(
    positions.begin(), positions.end(),
    [times](std::uint32_t a, std::uint32_t b) { return times[a] < times[b]; });
  return positions;
}

/// Returns how many rankings a bucket takes: one, unless draws show different subsets.
std::uint32_t draws_of(const history_length& history,
                       const core::held_out_set& held_out,
                       const cold_start_options& options) {
  const auto differ = history && *history > 0 && held_out.fold_in.times.empty();
  return differ ? options.draws : 1;
}

shown_part part_of(const history_length& history,
                   const core::held_out_set& held_out,
                   std::uint64_t seed,
                   std::uint32_t draw) {
  if (!history)
    return {};
  if (*history == 0)
    return [](std::uint32_t) {
      return std::vector<std::uint32_t>{};
    };
  return [&held_out, known = *history, seed, draw](std::uint32_t row) {
    auto positions = order_of(held_out, row, seed, draw);
    positions.resize(std::min<std::size_t>(known, positions.size()));
    std::sort(positions.begin(), positions.end());
    return positions;
  };
}

/// Ranks once for all rows and returns the users' values: [metrics][users].
std::vector<std::vector<double>>
judged(const ranking_task& task,
       const shown_part& shown,
       const std::vector<metric>& metrics,
       const std::function<void(std::size_t)>& advanced) {
  judged_slates slates{metrics, task.held_out->held_out, task.rows.size()};
  rank_in_blocks(
    task, shown,
    [&](std::size_t place, core::span<const core::item_id> slate) {
      slates.take(place, task.rows[place], slate);
    },
    advanced);
  return slates.values();
}

/// Adds values to sums that may still be empty.
void add(std::vector<std::vector<double>>& sums,
         const std::vector<std::vector<double>>& values) {
  sums.resize(values.size());
  for (std::size_t number = 0; number < sums.size(); ++number) {
    sums[number].resize(values[number].size());
    for (std::size_t user = 0; user < sums[number].size(); ++user)
      sums[number][user] += values[number][user];
  }
}

} // namespace

cold_start_curve cold_start(const core::recommender& recommender,
                            const core::held_out_set& held_out,
                            const core::attribute_table* dataset_user_attributes,
                            const std::vector<metric>& metrics,
                            const cold_start_options& options,
                            core::progress& progress) {
  cold_start_curve curve{recommender.name(), {}, {}, {}};
  std::copy_if(metrics.begin(), metrics.end(), std::back_inserter(curve.metrics),
               [](const metric& each) { return each.is_per_user(); });
  check(curve.metrics, options);
  const ranking_task task{&recommender, &held_out, dataset_user_attributes,
                          rows_to_judge(held_out, options.min_fold_in),
                          longest_cutoff(curve.metrics)};
  for (const auto row : task.rows)
    curve.users.push_back(held_out.users[row]);

  std::size_t num_rankings = 0;
  for (const auto& history : options.history)
    num_rankings += draws_of(history, held_out, options);
  std::size_t rankings_done = 0;
  for (const auto& history : options.history) {
    const auto draws = draws_of(history, held_out, options);
    cold_start_bucket bucket{history, {}};
    for (std::uint32_t draw = 0; draw < draws; ++draw, ++rankings_done) {
      const auto advanced = [&](std::size_t done) {
        progress.advance("cold start", rankings_done * task.rows.size() + done,
                         num_rankings * task.rows.size(), "slates",
                         curve.model + " " + to_group(history));
      };
      add(bucket.values, judged(task, part_of(history, held_out, options.seed, draw),
                                curve.metrics, advanced));
    }
    for (auto& of_metric : bucket.values)
      for (auto& value : of_metric)
        value /= static_cast<double>(draws);
    curve.buckets.push_back(std::move(bucket));
  }
  return curve;
}

std::string to_group(const history_length& history) {
  return "history=" + (history ? std::to_string(*history) : "all");
}

} // namespace souk::eval
