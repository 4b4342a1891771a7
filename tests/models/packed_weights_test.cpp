#include "models/kernels/packed_weights.hpp"

#include "models/kernels/chained_product.hpp"
#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace souk::models::kernels;
using namespace souk::models::testing;

TEST_CASE("packed weights give the bits of a chained product with any tile of outputs",
          "[models][packed_weights]") {
  constexpr std::size_t num_rows = 7;
  for (const std::size_t inputs : {1, 17, 300})
    for (const std::size_t outputs : {1, 63, 64, 65, 301}) {
      const auto weights = normals(outputs * inputs, 1);
      const auto values = normals(num_rows * inputs, 2);
      const auto bias = normals(outputs, 3);
      std::vector<float> transposed(weights.size());
      for (std::size_t output = 0; output < outputs; ++output)
        for (std::size_t input = 0; input < inputs; ++input)
          transposed[input * outputs + output] = weights[output * inputs + input];
      const const_matrix rows{values.data(), num_rows, inputs};
      for_each_highway_target([&](const std::string& target) {
        INFO(target << ", " << outputs << " outputs of " << inputs << " inputs");
        const packed_weights packed{{weights.data(), outputs, inputs}};
        CHECK(packed.inputs() == inputs);
        CHECK(packed.outputs() == outputs);
        std::vector<float> expected(num_rows * outputs);
        chained_product(rows, {transposed.data(), inputs, outputs},
                        {expected.data(), num_rows, outputs});
        for (const std::size_t width : {64, 192, 512})
          for (std::size_t first = 0; first < outputs; first += width) {
            const auto count = std::min(width, outputs - first);
            std::vector<float> out(num_rows * count);
            packed.apply(rows, {}, first, {out.data(), num_rows, count});
            std::vector<float> biased(num_rows * count);
            packed.apply(rows, bias, first, {biased.data(), num_rows, count});
            for (std::size_t row = 0; row < num_rows; ++row)
              for (std::size_t i = 0; i < count; ++i) {
                const auto sum = expected[row * outputs + first + i];
                REQUIRE(out[row * count + i] == sum);
                REQUIRE(biased[row * count + i] == sum + bias[first + i]);
              }
          }
      });
    }
}
