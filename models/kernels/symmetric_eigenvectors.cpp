#include "models/kernels/symmetric_eigenvectors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace souk::models::kernels {

namespace {

constexpr int sweeps_max = 50;
constexpr double negligible = 1e-32; ///< of the squared norm, off the diagonal

double square_sum(const std::vector<double>& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

struct rotation {
  double cosine = 1;
  double sine = 0;

  void turn(double* a, double* b, std::size_t count, std::size_t stride) const {
    for (std::size_t i = 0; i < count * stride; i += stride) {
      const auto before = a[i];
      a[i] = cosine * before - sine * b[i];
      b[i] = sine * before + cosine * b[i];
    }
  }
};

/// The smaller of the two angles that make the element between p and q zero.
rotation between(double pp, double pq, double qq) {
  const auto ratio = (qq - pp) / (2 * pq);
  const auto tangent =
    std::copysign(1 / (std::abs(ratio) + std::sqrt(1 + ratio * ratio)), ratio);
  const auto cosine = 1 / std::sqrt(1 + tangent * tangent);
  return {cosine, tangent * cosine};
}

void sweep(std::vector<double>& a, std::vector<double>& vectors, std::size_t size) {
  for (std::size_t p = 0; p + 1 < size; ++p)
    for (auto q = p + 1; q < size; ++q) {
      const auto pq = a[p * size + q];
      if (pq == 0)
        continue;
      const auto by = between(a[p * size + p], pq, a[q * size + q]);
      by.turn(a.data() + p * size, a.data() + q * size, size, 1);
      by.turn(a.data() + p, a.data() + q, size, size);
      by.turn(vectors.data() + p * size, vectors.data() + q * size, size, 1);
      a[p * size + q] = a[q * size + p] = 0;
    }
}

} // namespace

eigenvectors symmetric_eigenvectors(std::vector<double> matrix, std::size_t size) {
  std::vector<double> rotated(size * size);
  for (std::size_t i = 0; i < size; ++i)
    rotated[i * size + i] = 1;
  const auto diagonal = [&] {
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i)
      values[i] = matrix[i * size + i];
    return values;
  };
  const auto off_diagonal = [&] {
    auto rest = matrix;
    for (std::size_t i = 0; i < size; ++i)
      rest[i * size + i] = 0;
    return square_sum(rest);
  };
  const auto enough = negligible * square_sum(matrix);
  for (int i = 0; i < sweeps_max && off_diagonal() > enough; ++i)
    sweep(matrix, rotated, size);
  const auto values = diagonal();
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  eigenvectors sorted;
  for (const auto from : order) {
    sorted.values.push_back(values[from]);
    const auto* vector = rotated.data() + from * size;
    sorted.vectors.insert(sorted.vectors.end(), vector, vector + size);
  }
  return sorted;
}

} // namespace souk::models::kernels
