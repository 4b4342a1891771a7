#include "sim/believed_tastes.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/singular_vectors.hpp"
#include "sim/taste_scale.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace souk::sim {

namespace {

constexpr int iterations = 24;
constexpr std::size_t sampled_users = 1024; ///< that axes are found with
constexpr std::size_t sampled_scores = std::size_t{1} << 25; ///< at most
constexpr std::size_t batch = 96;      ///< rows that are scored together
constexpr std::uint32_t num_draws = 3; ///< from the posterior, for its spread

/// Draws have the same seed in all worlds: beliefs are the model's, not drawn anew.
constexpr std::uint64_t seed = 1;

/// The scores of some rows, as a matrix that can be multiplied.
struct score_matrix {
  std::size_t columns;
  std::vector<float> values; ///< [rows, columns]

  std::size_t num_rows() const {
    return values.size() / columns;
  }

  std::size_t num_columns() const {
    return columns;
  }

  core::span<float> row(std::size_t index) {
    return {values.data() + index * columns, columns};
  }

  core::span<const float> row(std::size_t index) const {
    return {values.data() + index * columns, columns};
  }

  void times(const core::panel& q, core::panel& y) const;
  void transposed_times(const core::panel& y, core::panel& z) const;
};

/// Writes where a row of scores lies on axes, [items, axes].
void locate(core::span<const float> scores, const core::panel& axes, double* point) {
  std::fill_n(point, axes.columns, 0.0);
  for (std::size_t item = 0; item < scores.size(); ++item) {
    const auto value = static_cast<double>(scores[item]);
    for (std::size_t k = 0; k < axes.columns; ++k)
      point[k] += value * axes.row(item)[k];
  }
}

void score_matrix::times(const core::panel& q, core::panel& y) const {
  for (std::size_t i = 0; i < num_rows(); ++i)
    locate(row(i), q, y.row(i));
}

void score_matrix::transposed_times(const core::panel& y, core::panel& z) const {
  std::fill(z.values.begin(), z.values.end(), 0.0);
  for (std::size_t i = 0; i < num_rows(); ++i)
    for (std::size_t item = 0; item < columns; ++item)
      for (std::size_t k = 0; k < z.columns; ++k)
        z.row(item)[k] += static_cast<double>(row(i)[item]) * y.row(i)[k];
}

/// Whom to score: rows, each at the posterior's mean or at one of its draws.
struct question {
  std::vector<std::uint32_t> rows;
  std::uint32_t draw = 0; ///< 0: the mean
};

score_matrix scores_of(const core::recommender& model,
                       const core::interactions& all,
                       const question& asked) {
  const auto history = core::select_rows(all, asked.rows);
  std::vector<core::draw_site> sites;
  for (const auto row : asked.rows)
    sites.push_back({seed, core::stream::reparameterise, row, asked.draw});
  core::rank_request request;
  request.history = &history;
  if (asked.draw > 0)
    request.posterior = &sites;
  score_matrix scores{model.num_items(),
                      std::vector<float>(asked.rows.size() * model.num_items())};
  model.score(request, scores.values);
  return scores;
}

/// The axes of belief, and what is common to all users.
struct belief_axes {
  std::vector<double> common; ///< mean score by item
  core::panel items;          ///< [items, axes], orthonormal

  /// Frees a row of scores of what is common to all users, or to all items.
  void free(core::span<float> scores) const {
    auto shift = 0.0;
    for (std::size_t item = 0; item < scores.size(); ++item)
      shift += static_cast<double>(scores[item]) - common[item];
    shift /= static_cast<double>(scores.size());
    for (std::size_t item = 0; item < scores.size(); ++item)
      scores[item] =
        static_cast<float>(static_cast<double>(scores[item]) - common[item] - shift);
  }
};

std::vector<std::uint32_t> evenly_chosen(std::size_t count, std::size_t of) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(static_cast<std::uint32_t>(i * of / count));
  return rows;
}

std::vector<double> means_by_item(score_matrix& scores) {
  std::vector<double> means(scores.columns);
  for (std::size_t row = 0; row < scores.num_rows(); ++row)
    for (std::size_t item = 0; item < scores.columns; ++item)
      means[item] += static_cast<double>(scores.row(row)[item]);
  for (auto& mean : means)
    mean /= static_cast<double>(scores.num_rows());
  return means;
}

/// Finds principal components of a sample of scores.
belief_axes find_axes(score_matrix scores, std::uint32_t dimensions) {
  belief_axes axes{means_by_item(scores), {0, 1}};
  for (std::size_t row = 0; row < scores.num_rows(); ++row)
    axes.free(scores.row(row));
  axes.items = core::leading_right_vectors(scores, dimensions, iterations, seed);
  return axes;
}

/// Where users are on the axes, and how far draws of theirs lie around.
struct located_users {
  core::panel points;
  core::panel deviations; ///< without rows where the model is sure
};

/// Locates the rows of a question, which follow one another.
void locate_batch(const core::recommender& model,
                  const core::interactions& rows,
                  const belief_axes& axes,
                  question asked,
                  located_users& users) {
  const auto located = [&](const auto& take) {
    auto scores = scores_of(model, rows, asked);
    for (std::size_t i = 0; i < asked.rows.size(); ++i) {
      axes.free(scores.row(i));
      take(asked.rows[i], core::span<const float>{scores.row(i)});
    }
  };
  located([&](std::uint32_t row, core::span<const float> scores) {
    locate(scores, axes.items, users.points.row(row));
  });
  std::vector<double> point(axes.items.columns);
  for (asked.draw = 1; asked.draw <= num_draws && model.has_posterior(); ++asked.draw)
    located([&](std::uint32_t row, core::span<const float> scores) {
      locate(scores, axes.items, point.data());
      for (std::size_t k = 0; k < point.size(); ++k) {
        const auto away = point[k] - users.points.row(row)[k];
        users.deviations.row(row)[k] += away * away / num_draws;
      }
    });
}

} // namespace

taste_factors fit_believed_tastes(const core::recommender& model,
                                  const core::interactions& rows,
                                  std::uint32_t dimensions) {
  const auto num_rows = rows.num_rows();
  const auto sample =
    std::min({num_rows, sampled_users,
              std::max<std::size_t>(1, sampled_scores / rows.num_items)});
  const auto axes =
    find_axes(scores_of(model, rows, {evenly_chosen(sample, num_rows), 0}), dimensions);
  if (std::all_of(axes.items.values.begin(), axes.items.values.end(),
                  [](double value) { return value == 0; }))
    throw core::error::request(model.name() + " believes the same of everybody",
                               "simulation.population.from",
                               "draw users from a model that tells them apart");
  located_users users{{num_rows, dimensions},
                      {model.has_posterior() ? num_rows : 0, dimensions}};
  for (std::size_t first = 0; first < num_rows; first += batch) {
    question asked;
    for (auto row = first; row < std::min(first + batch, num_rows); ++row)
      asked.rows.push_back(static_cast<std::uint32_t>(row));
    locate_batch(model, rows, axes, std::move(asked), users);
  }
  for (auto& value : users.deviations.values)
    value = std::sqrt(value);
  return in_scale_of_tastes(users.points, axes.items, users.deviations);
}

} // namespace souk::sim
