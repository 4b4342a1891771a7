#include "core/singular_vectors.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace souk::core {

namespace {

double inner_product(const double* a, const double* b, std::size_t count) {
  auto sum = 0.0;
  for (std::size_t i = 0; i < count; ++i)
    sum += a[i] * b[i];
  return sum;
}

/// Takes away from a vector its part along a unit vector.
void take_away(const double* unit, std::size_t count, double* from) {
  const auto length = inner_product(unit, from, count);
  for (std::size_t i = 0; i < count; ++i)
    from[i] -= length * unit[i];
}

} // namespace

panel::panel(std::size_t rows, std::size_t width)
  : columns{width}, values(rows * width) {
  // nop
}

void scaled_interactions::times(const panel& q, panel& y) const {
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

void scaled_interactions::transposed_times(const panel& y, panel& z) const {
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

void orthonormalise(panel& q) {
  // Column by column in memory, where vectors of columns are read many times.
  const auto rows = q.num_rows();
  panel columns{q.columns, rows};
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < q.columns; ++k)
      columns.row(k)[i] = q.row(i)[k];
  for (std::size_t k = 0; k < q.columns; ++k) {
    auto* own = columns.row(k);
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < k; ++j)
        take_away(columns.row(j), rows, own);
    const auto square = inner_product(own, own, rows);
    // A matrix of lower rank leaves nothing: a column of zeros carries no taste.
    const auto scale = square > 1e-24 ? 1 / std::sqrt(square) : 0.0;
    for (std::size_t i = 0; i < rows; ++i)
      q.row(i)[k] = own[i] *= scale;
  }
}

panel random_directions(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  panel q{rows, columns};
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t k = 0; k < columns; ++k)
      q.row(row)[k] = normal({seed, stream::initialise, row, 0}, k);
  orthonormalise(q);
  return q;
}

} // namespace souk::core
