#include "models/kernels/sum_of_rows.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

using namespace souk::models::kernels;
using namespace souk::models::testing;

TEST_CASE("sums of rows have the plain loop's bits on every instruction set",
          "[models][sum_of_rows]") {
  for (const std::size_t columns : {1, 3, 16, 64, 75, 600}) {
    const auto table = normals(50 * columns, 1);
    const std::vector<std::uint32_t> rows{0, 3, 3, 49, 20};
    const auto weights = normals(rows.size(), 2);
    std::vector<float> expected(columns);
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t j = 0; j < rows.size(); ++j)
        expected[column] += weights[j] * table[rows[j] * columns + column];
    for_each_highway_target([&](const std::string& target) {
      INFO(target << ", " << columns << " columns");
      std::vector<float> sum(columns, 99.0F);
      sum_of_rows({table.data(), 50, columns}, rows, weights, sum.data());
      CHECK(sum == expected);
    });
  }
}

TEST_CASE("the sum of no rows is zero", "[models][sum_of_rows]") {
  const std::vector<float> table(20, 1.0F);
  std::vector<float> sum(20, 99.0F);
  sum_of_rows({table.data(), 1, 20}, {}, {}, sum.data());
  CHECK(sum == std::vector<float>(20, 0.0F));
}
