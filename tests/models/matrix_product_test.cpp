#include "models/kernels/matrix_product.hpp"

#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::models::kernels;
using souk::models::testing::normals;

namespace {

struct shape {
  std::size_t rows, inner, columns;
};

const std::vector<shape> shapes{
  {1, 1, 1}, {3, 17, 5}, {32, 600, 2500}, {2500, 32, 300}, {20, 3000, 270}};

std::vector<float>
transposed(const std::vector<float>& a, std::size_t rows, std::size_t columns) {
  std::vector<float> out(a.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      out[j * rows + i] = a[i * columns + j];
  return out;
}

/// The largest error of a product, in units of its terms' accumulated rounding.
double worst_error(const shape& s,
                   const std::vector<float>& a,
                   const std::vector<float>& b,
                   const std::vector<float>& c) {
  double worst = 0;
  for (std::size_t i = 0; i < s.rows; i += 1 + s.rows / 20)
    for (std::size_t j = 0; j < s.columns; j += 1 + s.columns / 50) {
      double sum = 0;
      double size = 0;
      for (std::size_t k = 0; k < s.inner; ++k) {
        const auto term = static_cast<double>(a[i * s.inner + k])
                          * static_cast<double>(b[k * s.columns + j]);
        sum += term;
        size += std::abs(term);
      }
      worst = std::max(worst, std::abs(sum - static_cast<double>(c[i * s.columns + j]))
                                / (size * 6e-8));
    }
  return worst;
}

} // namespace

TEST_CASE("products equal the plain loops", "[models][matrix_product]") {
  worker_pool pool{2};
  for (const auto& s : shapes) {
    INFO(s.rows << " x " << s.inner << " x " << s.columns);
    const auto a = normals(s.rows * s.inner, 1);
    const auto b = normals(s.inner * s.columns, 2);
    const auto a_transposed = transposed(a, s.rows, s.inner);
    const auto b_transposed = transposed(b, s.inner, s.columns);
    std::vector<float> c(s.rows * s.columns, 99.0F);
    const matrix out{c.data(), s.rows, s.columns};
    product(pool, {a.data(), s.rows, s.inner}, {b.data(), s.inner, s.columns}, out);
    CHECK(worst_error(s, a, b, c) < 10);
    const const_matrix left{a.data(), s.rows, s.inner};
    const const_matrix right{b.data(), s.inner, s.columns};
    const const_matrix left_transposed{a_transposed.data(), s.inner, s.rows};
    const const_matrix right_transposed{b_transposed.data(), s.columns, s.inner};
    serial_product(product_form::right_transposed, left, right_transposed, out);
    CHECK(worst_error(s, a, b, c) < 10);
    serial_product(product_form::left_transposed, left_transposed, right, out);
    CHECK(worst_error(s, a, b, c) < 10);
    serial_product(product_form::right_transposed, left, right_transposed, out,
                   product_mode::subtract);
    for (const auto value : c)
      REQUIRE(std::abs(value) < 1e-3F);
    serial_product(product_form::left_transposed, left_transposed, right, out,
                   product_mode::add);
    CHECK(worst_error(s, a, b, c) < 20);
  }
}

TEST_CASE("a product has the same bits for any number of threads",
          "[models][matrix_product]") {
  for (const auto& s : shapes) {
    INFO(s.rows << " x " << s.inner << " x " << s.columns);
    const auto a = normals(s.rows * s.inner, 3);
    const auto b = normals(s.inner * s.columns, 4);
    std::vector<std::vector<float>> results;
    for (const std::size_t threads : {1, 2, 3, 8}) {
      worker_pool pool{threads};
      std::vector<float> c(s.rows * s.columns);
      product(pool, {a.data(), s.rows, s.inner}, {b.data(), s.inner, s.columns},
              {c.data(), s.rows, s.columns});
      results.push_back(c);
    }
    for (const auto& result : results)
      CHECK(result == results.front());
  }
}

TEST_CASE("a product reads and writes inside its views only",
          "[models][matrix_product]") {
  worker_pool pool{1};
  const std::vector<float> a{1, 2, 99, 3, 4, 99};
  const std::vector<float> b{1, 0, 99, 0, 1, 99};
  std::vector<float> c(6, 7.0F);
  product(pool, {a.data(), 2, 2, 3}, {b.data(), 2, 2, 3}, {c.data(), 2, 2, 3});
  CHECK(c == std::vector<float>{1, 2, 7, 3, 4, 7});
}
