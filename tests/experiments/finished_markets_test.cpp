#include "experiments/finished_markets.hpp"

#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <limits>

using namespace souk::experiments;
using souk::tests::scratch_folder;

namespace {

finished_market market_of(std::uint16_t policy, std::uint16_t world) {
  finished_market market;
  market.policy = policy;
  market.world = world;
  market.retrainings = 3;
  market.segments = 7;
  market.values = {{"purchases", "all", 1.0 / 3, true},
                   {"regret", "day=1", 5e-324, false},
                   {"rating", "query=\"lamps\"", std::nan(""), false}};
  return market;
}

} // namespace

TEST_CASE("finished markets come back to the bit", "[experiments][finished_markets]") {
  const scratch_folder folder;
  {
    finished_markets list{folder.path()};
    CHECK(list.read().empty());
    list.add({market_of(0, 0), market_of(0, 1)});
    list.add({market_of(2, 0)});
  }
  const auto markets = finished_markets{folder.path()}.read();
  REQUIRE(markets.size() == 3);
  CHECK(markets[2].policy == 2);
  CHECK(markets[1].world == 1);
  CHECK(markets[1].retrainings == 3);
  CHECK(markets[1].segments == 7);
  REQUIRE(markets[1].values.size() == 3);
  CHECK(markets[1].values[0].value == 1.0 / 3);
  CHECK(markets[1].values[0].is_total);
  CHECK(markets[1].values[1].value == 5e-324);
  CHECK(markets[1].values[2].group == "query=\"lamps\"");
  CHECK(std::isnan(markets[1].values[2].value));
}

TEST_CASE("of a batch that a crash cut, nothing is finished",
          "[experiments][finished_markets]") {
  const scratch_folder folder;
  {
    finished_markets list{folder.path()};
    list.add({market_of(0, 0)});
    list.add({market_of(0, 1), market_of(1, 0)}); // whose records share a segment
  }
  const auto path = folder / "markets.jsonl";
  const auto whole = std::filesystem::file_size(path);
  for (const std::uintmax_t lost : {1, 50, 150, 300}) {
    INFO(lost);
    std::filesystem::resize_file(path, whole - lost);
    CHECK(finished_markets{folder.path()}.read().size() == 1);
  }
}

TEST_CASE("markets after a damaged line are not finished",
          "[experiments][finished_markets]") {
  const scratch_folder folder;
  finished_markets list{folder.path()};
  list.add({market_of(0, 0)});
  list.add({market_of(0, 1)});
  list.add({market_of(1, 0)});
  auto text = souk::tests::bytes_of(folder / "markets.jsonl");
  const auto second = text.find('\n') + 1;
  const auto digit = text.find("0.333", second) + 3;
  text[digit] = '7'; // a number that is as good as the one before
  std::ofstream{folder / "markets.jsonl", std::ios::trunc} << text;
  CHECK(list.read().size() == 1);
  list.replace({market_of(0, 0)});
  CHECK(list.read().size() == 1);
}
