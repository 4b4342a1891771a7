#include "core/portable_math.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::core;

namespace {

/// Distance from the exact value in units of the last place.
double ulps(double value, double exact) {
  const auto unit = std::nextafter(std::abs(exact), INFINITY) - std::abs(exact);
  return std::abs(value - exact) / unit;
}

} // namespace

TEST_CASE("portable functions agree with the C library within 2 ulp",
          "[core][portable_math]") {
  for (int i = -4000; i <= 4000; ++i) {
    const auto x = i * 0.017;
    INFO("x = " << x);
    CHECK(ulps(portable::exp(x), std::exp(x)) <= 2);
    CHECK(ulps(portable::sigmoid(x), 1 / (1 + std::exp(-x))) <= 4);
    if (i > 0)
      CHECK(std::abs(portable::log(x) - std::log(x))
            <= 4e-16 * (1 + std::abs(std::log(x))));
    if (x > -1)
      CHECK(portable::log1p(x) == Approx(std::log1p(x)).epsilon(1e-15));
  }
}

TEST_CASE("sine and cosine of turns are exact at quarters", "[core][portable_math]") {
  CHECK(portable::of_turns(0).sine == 0);
  CHECK(portable::of_turns(0).cosine == 1);
  CHECK(portable::of_turns(0.25).sine == 1);
  CHECK(portable::of_turns(0.5).cosine == -1);
  CHECK(portable::of_turns(0.75).sine == -1);
  for (int i = 0; i < 1000; ++i) {
    const auto turns = i / 1000.0;
    const auto angle = turns * 2 * 3.14159265358979323846;
    CHECK(portable::of_turns(turns).sine == Approx(std::sin(angle)).margin(1e-15));
    CHECK(portable::of_turns(turns).cosine == Approx(std::cos(angle)).margin(1e-15));
  }
}

TEST_CASE("the exponential saturates at both ends", "[core][portable_math]") {
  CHECK(portable::exp(-800) == 0);
  CHECK(std::isinf(portable::exp(800)));
  CHECK(portable::exp(-740) > 0); // subnormal
  CHECK(portable::pow(2, 10) == Approx(1024).epsilon(1e-14));
}
