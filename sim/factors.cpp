#include "sim/factors.hpp"

#include "core/error.hpp"
#include "core/singular_vectors.hpp"
#include "sim/taste_scale.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

constexpr int iterations = 24;
constexpr double regularisation = 10; ///< interactions added to every row and column

/// The matrix, divided by the square roots of row and column sums plus a constant.
core::scaled_interactions scaled(const core::interactions& rows) {
  core::scaled_interactions matrix{rows, {}, {}};
  for (std::size_t user = 0; user < rows.num_rows(); ++user)
    matrix.users.push_back(
      1 / std::sqrt(static_cast<double>(rows.row(user).size()) + regularisation));
  for (const auto count : core::count_by_item(rows))
    matrix.items.push_back(1 / std::sqrt(count + regularisation));
  return matrix;
}

/// Column 0, which is popularity, is left out.
core::panel without_first_column(const core::panel& all,
                                 const std::vector<double>& scale) {
  core::panel kept{all.num_rows(), all.columns - 1};
  for (std::size_t row = 0; row < all.num_rows(); ++row)
    for (std::size_t k = 0; k < kept.columns; ++k)
      kept.row(row)[k] = all.row(row)[k + 1] * scale[row];
  return kept;
}

} // namespace

taste_factors fit_factors(const core::interactions& rows,
                          std::uint32_t dimensions,
                          std::uint64_t seed) {
  const auto smaller = std::min<std::size_t>(rows.num_rows(), rows.num_items);
  if (rows.items.empty() || smaller < 2)
    throw core::error::request("there is too little to learn tastes from",
                               "simulation.catalogue.from",
                               "use data with users who share items, or \"generated\"");
  const auto kept =
    static_cast<std::uint32_t>(std::min<std::size_t>(dimensions, smaller - 1));
  const auto matrix = scaled(rows);
  const auto q =
    core::leading_right_vectors(matrix, kept + std::size_t{1}, iterations, seed);
  core::panel y{rows.num_rows(), q.columns};
  matrix.times(q, y);
  return in_scale_of_tastes(without_first_column(y, matrix.users),
                            without_first_column(q, matrix.items));
}

} // namespace souk::sim
