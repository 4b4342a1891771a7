#include "models/kernels/bf16.hpp"

#include "tests/models/highway_targets.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace souk::models::kernels;

namespace {

std::vector<float> rounded(const std::vector<float>& values) {
  std::vector<bf16> halves(values.size());
  round_to_bf16(values, halves.data());
  std::vector<float> out(values.size());
  widen(halves.data(), out);
  return out;
}

} // namespace

TEST_CASE("floats are rounded to the nearest bf16, ties to even", "[models][bf16]") {
  constexpr auto infinity = std::numeric_limits<float>::infinity();
  // Steps of bf16 between 1 and 2 are 2^-7.
  const std::vector<float> values{0.0F,
                                  -0.0F,
                                  1.0F,
                                  1.0F + 0x1p-8F,
                                  1.0F + 0x1p-8F + 0x1p-20F,
                                  1.0F + 3 * 0x1p-8F,
                                  -2.5F,
                                  infinity,
                                  -infinity,
                                  std::numeric_limits<float>::max()};
  const std::vector<float> expected{0.0F,           -0.0F,          1.0F,  1.0F,
                                    1.0F + 0x1p-7F, 1.0F + 0x1p-6F, -2.5F, infinity,
                                    -infinity,      infinity};
  souk::models::testing::for_each_highway_target([&](const std::string& target) {
    INFO(target);
    CHECK(rounded(values) == expected);
    // Long enough for whole vectors of every instruction set.
    const std::vector<float> many(37, 1.0F + 3 * 0x1p-8F);
    CHECK(rounded(many) == std::vector<float>(37, 1.0F + 0x1p-6F));
  });
}

TEST_CASE("NaN stays NaN in bf16", "[models][bf16]") {
  for (const std::uint32_t bits :
       {0x7F800001U, 0x7FFFFFFFU, 0xFFFFFFFFU, 0x7FC00000U}) {
    float value = 0;
    std::memcpy(&value, &bits, sizeof bits);
    for (const auto found : rounded(std::vector<float>(17, value)))
      CHECK(std::isnan(found));
  }
}
