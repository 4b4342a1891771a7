#include "models/kernels/symmetric_inverse.hpp"

#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::models::kernels;
using souk::models::testing::normals;

namespace {

/// X^T X + 10 I for a random X; the upper triangle is spoilt.
std::vector<float> positive_definite(std::size_t size) {
  const auto x = normals(8 * size, size);
  std::vector<float> a(size * size, 99.0F);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      a[i * size + j] = i == j ? 10.0F : 0.0F;
      for (std::size_t k = 0; k < 8; ++k)
        a[i * size + j] += x[k * size + i] * x[k * size + j];
    }
  return a;
}

std::vector<float>
inverse_of(std::vector<float> a, std::size_t size, std::size_t threads) {
  worker_pool pool{threads};
  REQUIRE(invert_symmetric(pool, {a.data(), size, size}, [](auto, auto) {}));
  return a;
}

} // namespace

TEST_CASE("a matrix times its inverse is the identity", "[models][symmetric_inverse]") {
  for (const std::size_t size : {1, 2, 31, 256, 257, 700}) {
    INFO(size);
    const auto a = positive_definite(size);
    const auto p = inverse_of(a, size, 2);
    const auto at = [size](const std::vector<float>& m, std::size_t i, std::size_t j) {
      return static_cast<double>(m[std::max(i, j) * size + std::min(i, j)]);
    };
    for (std::size_t i = 0; i < size; i += 1 + size / 20)
      for (std::size_t j = 0; j < size; j += 1 + size / 20) {
        double sum = 0;
        for (std::size_t k = 0; k < size; ++k)
          sum += at(a, i, k) * at(p, k, j);
        CHECK(sum == Approx(i == j ? 1 : 0).margin(1e-4));
      }
  }
}

TEST_CASE("an inverse has the same bits for any number of threads",
          "[models][symmetric_inverse]") {
  constexpr std::size_t size = 1100;
  const auto a = positive_definite(size);
  const auto alone = inverse_of(a, size, 1);
  for (const std::size_t threads : {2, 3, 8})
    CHECK(inverse_of(a, size, threads) == alone);
}

TEST_CASE("a matrix that is not positive definite is refused",
          "[models][symmetric_inverse]") {
  std::vector<float> a{1, 0, 2, 1};
  worker_pool pool{1};
  CHECK_FALSE(invert_symmetric(pool, {a.data(), 2, 2}, [](auto, auto) {}));
}
