#include "sim/vector_math.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::sim;

TEST_CASE("vector exponentials are those of float", "[sim][vector_math]") {
  auto worst = 0.0;
  for (auto x = -86.9F; x < 88.0F; x += 0.0137F) {
    const auto exact = std::exp(static_cast<double>(x));
    worst = std::max(worst, std::abs(static_cast<double>(exp_of(x)) / exact - 1));
  }
  CHECK(worst < 3.6e-7); // 3 ulp
  CHECK(exp_of(0.0F) == 1.0F);
  CHECK(exp_of(-1e30F) == exp_of(-87.0F));
  CHECK(exp_of(1e30F) == exp_of(88.0F));
}

TEST_CASE("the vector sigmoid is one", "[sim][vector_math]") {
  for (const auto x : {-30.0F, -3.0F, -0.1F, 0.0F, 0.1F, 3.0F, 30.0F})
    CHECK(static_cast<double>(sigmoid_of(x))
          == Approx(1 / (1 + std::exp(-static_cast<double>(x)))).epsilon(1e-6));
  CHECK(sigmoid_of(-1e30F) >= 0.0F);
  CHECK(sigmoid_of(1e30F) == 1.0F);
}

TEST_CASE("a share of all words lies below its bound", "[sim][vector_math]") {
  CHECK(words_below(0) == 0);
  CHECK(words_below(0.25) == 0x40000000U);
  CHECK(words_below(1) == std::uint64_t{1} << 32);
}
