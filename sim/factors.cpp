#include "sim/factors.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

constexpr int iterations = 24;
constexpr double regularisation = 10; ///< interactions added to every row and column
constexpr double longest_item = 2.5;  ///< no item's vector is longer than this

/// A tall matrix, row-major.
struct panel {
  std::size_t columns = 0;
  std::vector<double> values;

  panel(std::size_t rows, std::size_t width) : columns{width}, values(rows * width) {
    // nop
  }

  double* row(std::size_t index) {
    return values.data() + index * columns;
  }

  std::size_t num_rows() const {
    return values.size() / columns;
  }
};

/// The matrix, scaled: entry (u, i) is users[u] * items[i] where they interacted.
struct scaled_matrix {
  const core::interactions& rows;
  std::vector<double> users;
  std::vector<double> items;

  explicit scaled_matrix(const core::interactions& all) : rows{all} {
    for (std::size_t user = 0; user < all.num_rows(); ++user)
      users.push_back(
        1 / std::sqrt(static_cast<double>(all.row(user).size()) + regularisation));
    for (const auto count : core::count_by_item(all))
      items.push_back(1 / std::sqrt(count + regularisation));
  }

  /// y = S q
  void times(panel& q, panel& y) const {
    std::fill(y.values.begin(), y.values.end(), 0.0);
    for (std::size_t user = 0; user < rows.num_rows(); ++user) {
      auto* out = y.row(user);
      for (const auto item : rows.row(user)) {
        const auto* in = q.row(item);
        for (std::size_t k = 0; k < q.columns; ++k)
          out[k] += items[item] * in[k];
      }
      for (std::size_t k = 0; k < q.columns; ++k)
        out[k] *= users[user];
    }
  }

  /// z = S^T y
  void transposed_times(panel& y, panel& z) const {
    std::fill(z.values.begin(), z.values.end(), 0.0);
    for (std::size_t user = 0; user < rows.num_rows(); ++user) {
      const auto* in = y.row(user);
      for (const auto item : rows.row(user)) {
        auto* out = z.row(item);
        for (std::size_t k = 0; k < z.columns; ++k)
          out[k] += users[user] * in[k];
      }
    }
    for (std::size_t item = 0; item < items.size(); ++item)
      for (std::size_t k = 0; k < z.columns; ++k)
        z.row(item)[k] *= items[item];
  }
};

/// Makes the columns orthonormal, in their order (modified Gram-Schmidt, twice).
void orthonormalise(panel& q) {
  const auto rows = q.num_rows();
  for (std::size_t k = 0; k < q.columns; ++k) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < k; ++j) {
        auto product = 0.0;
        for (std::size_t i = 0; i < rows; ++i)
          product += q.row(i)[j] * q.row(i)[k];
        for (std::size_t i = 0; i < rows; ++i)
          q.row(i)[k] -= product * q.row(i)[j];
      }
    auto square = 0.0;
    for (std::size_t i = 0; i < rows; ++i)
      square += q.row(i)[k] * q.row(i)[k];
    // A matrix of lower rank leaves nothing: a column of zeros carries no taste.
    const auto scale = square > 1e-24 ? 1 / std::sqrt(square) : 0.0;
    for (std::size_t i = 0; i < rows; ++i)
      q.row(i)[k] *= scale;
  }
}

/// Centres and scales each column of users; moves the scale into the items, so that
/// inner products stay in proportion. Column 0 is left out.
taste_factors
finished(const scaled_matrix& matrix, panel& q, panel& y, std::uint32_t dimensions) {
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
  const scaled_matrix matrix{rows};
  panel q{rows.num_items, kept + 1};
  panel y{rows.num_rows(), kept + 1};
  for (std::uint32_t item = 0; item < rows.num_items; ++item)
    for (std::uint32_t k = 0; k <= kept; ++k)
      q.row(item)[k] = core::normal({seed, core::stream::initialise, item, 0}, k);
  orthonormalise(q);
  for (int i = 0; i < iterations; ++i) {
    matrix.times(q, y);
    matrix.transposed_times(y, q);
    orthonormalise(q);
  }
  matrix.times(q, y);
  return finished(matrix, q, y, kept);
}

} // namespace souk::sim
