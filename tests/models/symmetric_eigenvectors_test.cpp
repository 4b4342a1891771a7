#include "models/kernels/symmetric_eigenvectors.hpp"

#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace souk::models::kernels;
using souk::models::testing::normals;

namespace {

std::vector<double> symmetric(std::size_t size) {
  const auto draws = normals(size * size, size);
  std::vector<double> a(size * size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      a[i * size + j] = a[j * size + i] = static_cast<double>(draws[i * size + j]);
  return a;
}

} // namespace

TEST_CASE("a symmetric matrix only stretches its eigenvectors, which are orthonormal",
          "[models][symmetric_eigenvectors]") {
  for (const std::size_t size : {1, 2, 7, 60}) {
    INFO(size);
    const auto a = symmetric(size);
    const auto found = symmetric_eigenvectors(a, size);
    REQUIRE(found.values.size() == size);
    for (std::size_t k = 0; k < size; ++k) {
      const auto* v = found.vectors.data() + k * size;
      if (k > 0)
        CHECK(found.values[k] <= found.values[k - 1]);
      for (std::size_t i = 0; i < size; ++i) {
        const auto stretched =
          std::inner_product(v, v + size, a.data() + i * size, 0.0);
        REQUIRE(stretched == Approx(found.values[k] * v[i]).margin(1e-11));
      }
      for (std::size_t j = 0; j <= k; ++j)
        REQUIRE(std::inner_product(v, v + size, found.vectors.data() + j * size, 0.0)
                == Approx(j == k ? 1 : 0).margin(1e-12));
    }
  }
}

TEST_CASE("a diagonal matrix is its own decomposition",
          "[models][symmetric_eigenvectors]") {
  const auto found = symmetric_eigenvectors({1, 0, 0, 0, 3, 0, 0, 0, 0}, 3);
  CHECK(found.values == std::vector<double>{3, 1, 0});
  CHECK(found.vectors == std::vector<double>{0, 1, 0, 1, 0, 0, 0, 0, 1});
}
