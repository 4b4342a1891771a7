#include "eval/comparisons.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "eval/student_t.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace souk::eval {

namespace {

constexpr std::uint64_t signs_entity = 1; ///< entity 0 draws users
constexpr std::size_t signs_per_draw = 128;

/// Draws a sign per user: [users], 1 or -1.
void draw_signs(std::uint64_t seed,
                std::uint32_t permutation,
                std::vector<double>& signs) {
  const core::draw_site site{seed, core::stream::bootstrap, signs_entity, permutation};
  for (std::size_t first = 0; first < signs.size(); first += signs_per_draw) {
    const auto words =
      core::random_words(site, static_cast<std::uint32_t>(first / signs_per_draw));
    const auto count = std::min(signs_per_draw, signs.size() - first);
    for (std::size_t i = 0; i < count; ++i)
      signs[first + i] = (words[i / 32] >> (i % 32) & 1U) != 0 ? 1 : -1;
  }
}

double absolute_sum(core::span<const double> values, const std::vector<double>& signs) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += signs[i] * values[i];
  return std::fabs(sum);
}

std::vector<double>
sign_flip_p_values(const std::vector<core::span<const double>>& columns,
                   const resampling_options& options) {
  const auto num_users = columns.front().size();
  std::vector<double> signs(num_users, 1);
  std::vector<double> observed;
  for (const auto& column : columns)
    // Sums that are equal but for rounding count as equal.
    observed.push_back(absolute_sum(column, signs) * (1 - 1e-12));
  std::vector<std::uint32_t> as_large(columns.size(), 1);
  for (std::uint32_t number = 0; number < options.permutations; ++number) {
    draw_signs(options.seed, number, signs);
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (absolute_sum(columns[i], signs) >= observed[i])
        ++as_large[i];
  }
  std::vector<double> p_values;
  for (const auto count : as_large)
    p_values.push_back(static_cast<double>(count)
                       / static_cast<double>(options.permutations + 1));
  return p_values;
}

} // namespace

std::vector<double> differences_of(core::span<const double> a,
                                   core::span<const double> b) {
  core::expects(a.size() == b.size(), "a paired comparison is over the same users");
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>{});
  return differences;
}

std::vector<comparison>
compare_users(const std::vector<core::span<const double>>& columns,
              const resampling_options& options) {
  std::vector<comparison> compared;
  for (const auto& difference : bootstrap_intervals(columns, options))
    compared.push_back({difference, std::nullopt});
  if (columns.empty() || columns.front().size() < 2)
    return compared;
  const auto p_values = sign_flip_p_values(columns, options);
  for (std::size_t i = 0; i < compared.size(); ++i)
    compared[i].p_value = p_values[i];
  return compared;
}

comparison compare_worlds(core::span<const double> differences) {
  comparison compared{student_t_interval(differences), std::nullopt};
  const auto n = differences.size();
  if (n < 2)
    return compared;
  const auto error = std::sqrt(variance_of(differences) / static_cast<double>(n));
  const auto distance = std::fabs(compared.difference.mean);
  if (error > 0)
    compared.p_value = student_t_two_sided(distance / error, n - 1);
  else // all differences are equal: none at all, or beyond doubt
    compared.p_value = distance > 0 ? 0 : 1;
  return compared;
}

std::vector<std::optional<double>>
holm_corrected(const std::vector<std::optional<double>>& p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i)
    if (p_values[i])
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *p_values[a] < *p_values[b];
  });
  auto corrected = p_values;
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto remaining = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, remaining * *p_values[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

std::optional<double> variance_gain(core::span<const double> a,
                                    core::span<const double> b) {
  const auto apart = variance_of(a) + variance_of(b);
  if (a.size() < 2 || !(apart > 0))
    return std::nullopt;
  return 1 - variance_of(differences_of(a, b)) / apart;
}

non_inferiority test_non_inferiority(core::span<const double> candidate,
                                     core::span<const double> reference,
                                     double margin,
                                     const resampling_options& options) {
  core::expects(margin > 0, "a margin of non-inferiority is positive");
  const auto differences = differences_of(candidate, reference);
  const std::vector<core::span<const double>> columns{differences};
  non_inferiority tested;
  tested.margin = margin;
  tested.difference = bootstrap_intervals(columns, options).front();
  if (differences.empty())
    return tested;
  tested.lower_bound = quantile_of(bootstrap_means(columns, options).front(), 0.05);
  tested.holds = tested.lower_bound > -margin;
  return tested;
}

} // namespace souk::eval
