#include "experiments/plan/plan_units.hpp"

#include "tests/experiments/refusals.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;

TEST_CASE("bandwidths have a unit", "[experiments][plan]") {
  CHECK(parse_bandwidth("10Gbit", "--bandwidth") == Approx(1.25e9));
  CHECK(parse_bandwidth("1.2GB", "--bandwidth") == Approx(1.2e9));
  CHECK(parse_bandwidth("100Mbit", "--bandwidth") == Approx(12.5e6));
  for (const auto* text :
       {"", "10", "Gbit", "10gbit", "10 Gbit", "-1GB", "+1GB", "0GB", "1e3GB", "1.GB",
        ".5GB", "1.2.3GB", "10Gbits", "nanGB", "10Gbit\n"}) {
    INFO(text);
    const auto said = refusal_of([&] { parse_bandwidth(text, "--bandwidth"); });
    CHECK_THAT(said, Contains("--bandwidth") && Contains("10Gbit"));
  }
}

TEST_CASE("latencies have a unit, or are nothing", "[experiments][plan]") {
  CHECK(parse_latency("50us", "--latency") == Approx(50e-6));
  CHECK(parse_latency("1.5ms", "--latency") == Approx(1.5e-3));
  CHECK(parse_latency("300ns", "--latency") == Approx(300e-9));
  CHECK(parse_latency("0", "--latency") == 0);
  for (const auto* text : {"", "50", "us", "50µs", "-1us", "50 us", "50usec"}) {
    INFO(text);
    CHECK_THAT(refusal_of([&] { parse_latency(text, "--latency"); }),
               Contains("--latency") && Contains("50us"));
  }
}

TEST_CASE("nodes are a range of powers of two, or a list", "[experiments][plan]") {
  using numbers = std::vector<std::uint32_t>;
  CHECK(parse_nodes("2..16", "--nodes") == numbers{2, 4, 8, 16});
  CHECK(parse_nodes("8", "--nodes") == numbers{8});
  CHECK(parse_nodes("1,2,3,4..16", "--nodes") == numbers{1, 2, 3, 4, 8, 16});
  CHECK(parse_nodes("2..1024", "--nodes").size() == 10);
  for (const auto* text :
       {"", "0", "0..4", "3..8", "2..12", "8..2", "2..", "..8", "2..2048", "1025",
        "2,2", "4,2", "1,", ",1", "2...8", "two", "2..8..16", "-2", "99999999999"}) {
    INFO(text);
    CHECK_THAT(refusal_of([&] { parse_nodes(text, "--nodes"); }), Contains("--nodes"));
  }
}
