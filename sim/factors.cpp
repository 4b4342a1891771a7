#include "sim/factors.hpp"

#include "core/error.hpp"
#include "core/singular_vectors.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

constexpr int iterations = 24;
constexpr double regularisation = 10; ///< interactions added to every row and column
constexpr double longest_item = 2.5;  ///< no item's vector is longer than this

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

/// Centres and scales each column of users; moves the scale into the items, so that
/// inner products stay in proportion. Column 0 is left out.
taste_factors finished(const core::scaled_interactions& matrix,
                       core::panel& q,
                       const core::panel& y,
                       std::uint32_t dimensions) {
  taste_factors factors;
  factors.dimensions = dimensions;
  const auto num_users = y.num_rows();
  const auto num_items = q.num_rows();
  factors.users.resize(num_users * dimensions);
  factors.items.resize(num_items * dimensions);
  auto total_square = 0.0;
  for (std::uint32_t k = 0; k < dimensions; ++k) {
    auto mean = 0.0;
    auto square = 0.0;
    for (std::size_t user = 0; user < num_users; ++user) {
      const auto value = y.row(user)[k + 1] * matrix.users[user];
      mean += value;
      square += value * value;
    }
    mean /= static_cast<double>(num_users);
    const auto variance = square / static_cast<double>(num_users) - mean * mean;
    const auto deviation = variance > 1e-24 ? std::sqrt(variance) : 0.0;
    for (std::size_t user = 0; user < num_users; ++user)
      factors.users[user * dimensions + k] =
        deviation > 0 ? static_cast<float>(
          (y.row(user)[k + 1] * matrix.users[user] - mean) / deviation)
                      : 0.0F;
    for (std::size_t item = 0; item < num_items; ++item) {
      const auto value = q.row(item)[k + 1] * matrix.items[item] * deviation;
      q.row(item)[k + 1] = value;
      total_square += value * value;
    }
  }
  const auto scale =
    total_square > 0 ? std::sqrt(static_cast<double>(num_items) / total_square) : 0.0;
  for (std::size_t item = 0; item < num_items; ++item) {
    auto length = 0.0;
    for (std::uint32_t k = 0; k < dimensions; ++k)
      length += q.row(item)[k + 1] * q.row(item)[k + 1];
    length = std::sqrt(length) * scale;
    const auto shorten = length > longest_item ? longest_item / length : 1.0;
    for (std::uint32_t k = 0; k < dimensions; ++k)
      factors.items[item * dimensions + k] =
        static_cast<float>(q.row(item)[k + 1] * scale * shorten);
  }
  return factors;
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
  auto q = core::leading_right_vectors(matrix, kept + std::size_t{1}, iterations, seed);
  core::panel y{rows.num_rows(), q.columns};
  matrix.times(q, y);
  return finished(matrix, q, y, kept);
}

} // namespace souk::sim
