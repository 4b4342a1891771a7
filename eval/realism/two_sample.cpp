#include "eval/realism/two_sample.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "eval/realism/resampling.hpp"
#include "eval/realism/samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace souk::eval::realism {

namespace {

constexpr int newton_steps = 25;
constexpr double converged = 1e-8;

/// Mean and standard deviation of a user's values of a statistic; 0 of none.
void append_moments(const user_values& sample,
                    std::vector<std::vector<double>>& rows,
                    bool logarithms) {
  for (std::uint32_t user = 0; user < sample.num_users(); ++user) {
    std::vector<double> values;
    for (auto i = sample.offsets[user]; i < sample.offsets[user + 1]; ++i)
      values.push_back(logarithms
                         ? core::portable::log1p(std::max(0.0, sample.values[i]))
                         : sample.values[i]);
    rows[user].push_back(mean_of(values));
    rows[user].push_back(std::sqrt(variance_of(values)));
  }
}

/// Solves a x = b for a symmetric positive definite a (Cholesky); b becomes x.
void solve(std::vector<std::vector<double>>& a, std::vector<double>& b) {
  const auto n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k)
      a[j][j] -= a[j][k] * a[j][k];
    a[j][j] = std::sqrt(a[j][j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k)
        a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k)
      b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (auto i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k)
      b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Takes the rows of a random half of the users, or of the other.
std::vector<std::vector<double>> half_of(const user_features& all,
                                         const user_weights& chosen) {
  std::vector<std::vector<double>> rows;
  for (std::size_t user = 0; user < all.rows.size(); ++user)
    if (chosen[user] > 0)
      rows.push_back(all.rows[user]);
  return rows;
}

} // namespace

std::vector<std::string> user_features::names() {
  std::vector<std::string> names{"events", "sessions", "returns"};
  for (const auto* of : {"session length", "gap", "hour", "weekday", "basket",
                         "repeats", "transition", "popularity"})
    for (const auto* moment : {"mean", "sd"})
      names.push_back(std::string{of} + ' ' + moment);
  return names;
}

user_features features_of(const visit_log& log) {
  user_features made;
  user_values popularity;
  for (std::uint32_t user = 0; user < log.num_users(); ++user) {
    const auto first = log.offsets[user];
    const auto last = log.offsets[user + 1];
    auto events = 0.0;
    for (auto v = first; v < last; ++v)
      for (auto i = log.visits[v].first; i < log.visits[v].last; ++i, events += 1)
        popularity.values.push_back(log.tenth[log.events[i].item]);
    popularity.end_user();
    made.rows.push_back(
      {core::portable::log1p(events),
       core::portable::log1p(static_cast<double>(last - first)),
       core::portable::log1p(static_cast<double>(log.returns[user]))});
  }
  append_moments(session_lengths(log), made.rows, true);
  append_moments(session_gaps(log), made.rows, true);
  append_moments(session_hours(log), made.rows, false);
  append_moments(session_weekdays(log), made.rows, false);
  append_moments(basket_sizes(log), made.rows, true);
  append_moments(repeat_shares(log), made.rows, false);
  append_moments(transition_steps(log), made.rows, false);
  append_moments(popularity, made.rows, false);
  return made;
}

logistic_regression::logistic_regression(const std::vector<std::vector<double>>& rows,
                                         const std::vector<int>& labels,
                                         double ridge) {
  core::expects(!rows.empty() && rows.size() == labels.size(),
                "a regression has a label for each row");
  const auto columns = rows.front().size();
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<double> values;
    for (const auto& row : rows)
      values.push_back(row[c]);
    const auto spread = std::sqrt(variance_of(values));
    mean_.push_back(mean_of(values));
    // A column that says nothing is taken out.
    scale_.push_back(spread > 0 ? 1 / spread : 0);
  }
  weights_.assign(2 * columns + 1, 0);
  std::vector<std::vector<double>> inputs;
  for (const auto& row : rows)
    inputs.push_back(expanded(row));
  for (int step = 0; step < newton_steps; ++step) {
    const auto n = weights_.size();
    std::vector<std::vector<double>> curvature(n, std::vector<double>(n));
    std::vector<double> slope(n);
    for (std::size_t i = 0; i < n; ++i) {
      curvature[i][i] = ridge;
      slope[i] = -ridge * weights_[i];
    }
    for (std::size_t r = 0; r < inputs.size(); ++r) {
      const auto chance = core::portable::sigmoid(dot(weights_, inputs[r]));
      const auto weight = chance * (1 - chance);
      for (std::size_t i = 0; i < n; ++i) {
        slope[i] += (labels[r] - chance) * inputs[r][i];
        for (std::size_t j = 0; j <= i; ++j)
          curvature[i][j] += weight * inputs[r][i] * inputs[r][j];
      }
    }
    solve(curvature, slope);
    auto largest = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      weights_[i] += slope[i];
      largest = std::max(largest, std::fabs(slope[i]));
    }
    if (largest < converged)
      break;
  }
}

std::vector<double>
logistic_regression::expanded(const std::vector<double>& row) const {
  std::vector<double> inputs;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const auto value = std::clamp((row[c] - mean_[c]) * scale_[c], -5.0, 5.0);
    inputs.push_back(value);
    inputs.push_back(value * value);
  }
  inputs.push_back(1);
  return inputs;
}

double logistic_regression::score(const std::vector<double>& row) const {
  return dot(weights_, expanded(row));
}

double area_under_curve(const std::vector<double>& positive,
                        const std::vector<std::uint32_t>& positive_weights,
                        const std::vector<double>& negative,
                        const std::vector<std::uint32_t>& negative_weights) {
  std::vector<std::size_t> order(positive.size() + negative.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto score = [&](std::size_t i) {
    return i < positive.size() ? positive[i] : negative[i - positive.size()];
  };
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return score(a) < score(b); });
  auto below = 0.0; // negatives that score less
  auto won = 0.0;
  auto positives = 0.0;
  for (std::size_t i = 0; i < order.size();) {
    auto tied_positive = 0.0;
    auto tied_negative = 0.0;
    const auto value = score(order[i]);
    for (; i < order.size() && score(order[i]) == value; ++i)
      if (order[i] < positive.size())
        tied_positive += positive_weights[order[i]];
      else
        tied_negative += negative_weights[order[i] - positive.size()];
    won += tied_positive * (below + tied_negative / 2);
    below += tied_negative;
    positives += tied_positive;
  }
  return positives > 0 && below > 0 ? won / (positives * below) : 0.5;
}

interval two_sample_auc(const user_features& ours,
                        const user_features& theirs,
                        const resampling_options& options,
                        std::uint32_t test) {
  const halves our_halves{ours.rows.size(), options.seed, 2 * test};
  const halves their_halves{theirs.rows.size(), options.seed, 2 * test + 1};
  auto rows = half_of(ours, our_halves.first);
  std::vector<int> labels(rows.size(), 1);
  const auto negatives = half_of(theirs, their_halves.first);
  rows.insert(rows.end(), negatives.begin(), negatives.end());
  labels.resize(rows.size(), 0);
  if (rows.empty())
    return {0.5, 0.5, 0.5, 0};
  const logistic_regression classifier{rows, labels};
  const auto scores = [&](const std::vector<std::vector<double>>& of) {
    std::vector<double> values;
    for (const auto& row : of)
      values.push_back(classifier.score(row));
    return values;
  };
  const auto positive = scores(half_of(ours, our_halves.second));
  const auto negative = scores(half_of(theirs, their_halves.second));
  interval found;
  found.n = positive.size() + negative.size();
  found.mean = area_under_curve(positive, user_weights(positive.size(), 1), negative,
                                user_weights(negative.size(), 1));
  std::vector<double> resampled;
  for (std::uint32_t r = 0; r < options.resamples; ++r)
    resampled.push_back(area_under_curve(
      positive, resampled_weights(positive.size(), options.seed, 2, r), negative,
      resampled_weights(negative.size(), options.seed, 3, r)));
  std::sort(resampled.begin(), resampled.end());
  found.low = resampled.empty() ? found.mean : quantile_of(resampled, 0.025);
  found.high = resampled.empty() ? found.mean : quantile_of(resampled, 0.975);
  return found;
}

} // namespace souk::eval::realism
