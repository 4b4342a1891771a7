#include "models/kernels/packed_weights.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::models::kernels;
using souk::models::testing::for_each_highway_target;
using souk::models::testing::normals;

namespace {

struct shape {
  std::size_t rows, inputs, outputs;
};

const std::vector<shape> shapes{
  {1, 1, 1}, {5, 17, 63}, {6, 33, 64}, {7, 60, 65}, {23, 200, 301}};

struct layer {
  shape size;
  std::vector<float> weights = normals(size.outputs * size.inputs, 1);
  std::vector<float> inputs = normals(size.rows * size.inputs, 2);
  packed_weights packed{const_matrix{weights.data(), size.outputs, size.inputs}};

  const_matrix rows() const {
    return {inputs.data(), size.rows, size.inputs};
  }

  std::vector<float> product() const {
    std::vector<float> out(size.rows * size.outputs, 99.0F);
    packed.apply(rows(), 0, {out.data(), size.rows, size.outputs});
    return out;
  }
};

} // namespace

TEST_CASE("products with packed weights equal the plain loops",
          "[models][packed_weights]") {
  for (const auto& size : shapes) {
    const layer all{size};
    CHECK(all.packed.inputs() == size.inputs);
    CHECK(all.packed.outputs() == size.outputs);
    for_each_highway_target([&](const std::string& target) {
      INFO(target << ", " << size.rows << " x " << size.inputs << " x "
                  << size.outputs);
      const auto out = all.product();
      for (std::size_t row = 0; row < size.rows; ++row)
        for (std::size_t output = 0; output < size.outputs; ++output) {
          double sum = 0;
          double terms = 0;
          for (std::size_t k = 0; k < size.inputs; ++k) {
            const auto term =
              static_cast<double>(all.inputs[row * size.inputs + k])
              * static_cast<double>(all.weights[output * size.inputs + k]);
            sum += term;
            terms += std::abs(term);
          }
          const auto value = static_cast<double>(out[row * size.outputs + output]);
          REQUIRE(std::abs(value - sum) <= terms * 1e-6);
        }
      CHECK(all.product() == out);
    });
  }
}

TEST_CASE("an element's bits depend neither on the rows beside it nor on its tile",
          "[models][packed_weights]") {
  const layer all{{23, 200, 301}};
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    const auto expected = all.product();
    for (const std::size_t rows : {1, 2, 3, 4, 5, 6, 11})
      for (const std::size_t width : {64, 192, 320})
        for (std::size_t row = 0; row + rows <= 23; row += rows)
          for (std::size_t first = 0; first < 301; first += width) {
            const auto count = std::min<std::size_t>(width, 301 - first);
            // Rows of a tile may lie further apart than its columns need.
            std::vector<float> out(rows * (count + 3), 99.0F);
            const matrix tile{out.data(), rows, count, count + 3};
            all.packed.apply(all.rows().row_range(row, row + rows), first, tile);
            for (std::size_t i = 0; i < rows; ++i) {
              const auto* begin = expected.data() + (row + i) * 301 + first;
              REQUIRE(std::equal(begin, begin + count, tile.row(i)));
              REQUIRE(tile.row(i)[count] == 99.0F);
            }
          }
  });
}
