#include "models/kernels/chained_product.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace souk::models::kernels;
using namespace souk::models::testing;

namespace {

struct operands {
  std::size_t num_rows, inputs, columns;
  std::vector<float> left = normals(num_rows * inputs, 1);
  std::vector<float> right = normals(inputs * columns, 2);

  const_matrix rows() const {
    return {left.data(), num_rows, inputs};
  }

  const_matrix weights() const {
    return {right.data(), inputs, columns};
  }

  std::vector<float> product() const {
    std::vector<float> out(num_rows * columns, 99.0F);
    chained_product(rows(), weights(), {out.data(), num_rows, columns});
    return out;
  }
};

} // namespace

TEST_CASE("a chained product equals the plain loops", "[models][chained_product]") {
  for (const auto& all : {operands{1, 1, 1}, operands{5, 17, 63}, operands{6, 256, 64},
                          operands{13, 600, 37}, operands{4, 1030, 112}})
    for_each_highway_target([&](const std::string& target) {
      INFO(target << ", " << all.num_rows << " x " << all.inputs << " x "
                  << all.columns);
      const auto out = all.product();
      for (std::size_t row = 0; row < all.num_rows; ++row)
        for (std::size_t column = 0; column < all.columns; ++column) {
          double sum = 0;
          double size = 0;
          for (std::size_t k = 0; k < all.inputs; ++k) {
            const auto term =
              static_cast<double>(all.left[row * all.inputs + k])
              * static_cast<double>(all.right[k * all.columns + column]);
            sum += term;
            size += std::abs(term);
          }
          REQUIRE(std::abs(static_cast<double>(out[row * all.columns + column]) - sum)
                  <= size * 1e-6);
        }
      CHECK(all.product() == out);
    });
}

TEST_CASE("an element's bits depend neither on other rows nor on other columns",
          "[models][chained_product]") {
  const operands all{11, 600, 150};
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    const auto expected = all.product();
    for (const std::size_t rows : {1, 2, 3, 4, 5, 6, 11})
      for (const std::size_t width : {1, 16, 50, 150})
        for (std::size_t row = 0; row + rows <= all.num_rows; row += rows)
          for (std::size_t column = 0; column + width <= all.columns; column += width) {
            // Rows may lie further apart than their columns need.
            std::vector<float> out(rows * (width + 3), 99.0F);
            const matrix part{out.data(), rows, width, width + 3};
            chained_product(all.rows().row_range(row, row + rows),
                            all.weights().column_range(column, column + width), part);
            for (std::size_t i = 0; i < rows; ++i) {
              const auto* begin = expected.data() + (row + i) * all.columns + column;
              REQUIRE(std::equal(begin, begin + width, part.row(i)));
              REQUIRE(part.row(i)[width] == 99.0F);
            }
          }
  });
}
