#include "sim/attention.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

namespace {

constexpr std::uint32_t places = 10;

/// Returns how often each place is seen.
std::vector<double> observed(const attention& eyes) {
  constexpr std::uint32_t shoppers = 40000;
  std::vector<double> seen(places);
  for (std::uint32_t i = 0; i < shoppers; ++i) {
    const auto draw = core::uniform({3, core::stream::attend, i, 0}, 0);
    for (std::uint32_t j = 0; j < eyes.depth(draw, places); ++j)
      seen[j] += 1.0 / shoppers;
  }
  return seen;
}

} // namespace

TEST_CASE("a cascade goes one place further with a fixed chance", "[sim][attention]") {
  const attention eyes{{"cascade", 0.8, 0}, places};
  const auto seen = observed(eyes);
  CHECK(seen[0] == Approx(1));
  for (std::uint32_t j = 1; j < places; ++j)
    CHECK(seen[j] / seen[j - 1] == Approx(0.8).margin(0.03));
}

TEST_CASE("by position, a place is seen with a power of its rank", "[sim][attention]") {
  const attention eyes{{"by_position", 0, 1.0}, places};
  const auto seen = observed(eyes);
  for (std::uint32_t j = 0; j < places; ++j) {
    CHECK(eyes.examination(j) == Approx(1.0 / (j + 1)));
    CHECK(seen[j] == Approx(1.0 / (j + 1)).margin(0.01));
  }
}

TEST_CASE("who examines all sees all of a slate, and no more", "[sim][attention]") {
  const attention eyes{{"examine_all", 0, 0}, places};
  CHECK(eyes.depth(0.999, places) == places);
  CHECK(eyes.depth(0.999, 4) == 4);
  CHECK(eyes.depth(0.5, 0) == 0);
}
