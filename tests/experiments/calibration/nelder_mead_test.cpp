#include "experiments/calibration/nelder_mead.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

namespace {

using point = std::vector<double>;

double bowl(const point& at) {
  return (at[0] - 3) * (at[0] - 3) + 4 * (at[1] + 1) * (at[1] + 1) + 2;
}

} // namespace

TEST_CASE("a search finds the bottom of a bowl", "[experiments][calibration]") {
  const auto found = nelder_mead(bowl, {0, 0}, {1, 200, 0.5});
  CHECK(found.at[0] == Approx(3).margin(1e-3));
  CHECK(found.at[1] == Approx(-1).margin(1e-3));
  CHECK(found.value == Approx(2).margin(1e-5));
}

TEST_CASE("a search follows a bent valley", "[experiments][calibration]") {
  const auto valley = [](const point& at) {
    const auto across = at[1] - at[0] * at[0];
    return 100 * across * across + (1 - at[0]) * (1 - at[0]);
  };
  CHECK(nelder_mead(valley, {-1.2, 1}, {1, 400, 0.5}).value < 1e-6);
}

TEST_CASE("a search keeps to its evaluations and never ends worse than it began",
          "[experiments][calibration]") {
  for (const std::uint32_t allowed : {1U, 2U, 5U, 6U, 7U, 23U}) {
    std::uint32_t made = 0;
    const auto counted = [&](const point& at) {
      ++made;
      return bowl(at);
    };
    CHECK(nelder_mead(counted, {1, 1}, {1, allowed, 0.5}).value <= bowl({1, 1}));
    CHECK(made == allowed);
  }
}

TEST_CASE("a search of one dimension, and one that repeats with its seed",
          "[experiments][calibration]") {
  const auto line = [](const point& at) {
    return (at[0] - 7) * (at[0] - 7);
  };
  CHECK(nelder_mead(line, {0}, {1, 60, 0.5}).at[0] == Approx(7).margin(0.01));
  CHECK(nelder_mead(bowl, {0, 0}, {5, 30, 0.5}).at
        == nelder_mead(bowl, {0, 0}, {5, 30, 0.5}).at);
}
