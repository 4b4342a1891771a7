#include "experiments/market_rows.hpp"

#include "tests/experiments/whole_files.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace souk;
using namespace souk::experiments;

namespace {

core::result_row row_of(const std::vector<core::result_row>& rows,
                        const std::string& metric,
                        const std::string& group) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.metric == metric && row.group == group && row.against.empty();
  });
  REQUIRE(found != rows.end());
  return *found;
}

} // namespace

TEST_CASE("agreement over a handful of worlds has no interval",
          "[experiments][market_rows]") {
  for (const std::uint32_t worlds : {4U, 5U}) {
    INFO(worlds);
    const auto options =
      read(std::string{smallest}
           + "baselines: [popularity, ease]\n"
             "simulation: {catalogue: {from: dataset}, policies: [popularity, ease], "
             "worlds: "
           + std::to_string(worlds) + "}\n");
    market_rows markets{options};
    for (std::uint32_t world = 0; world < worlds; ++world) {
      // Each wins in some worlds, so that resampling them changes the order.
      markets.add("popularity", world, {{"purchases_per_user", "all", 1, false}});
      markets.add("ease", world,
                  {{"purchases_per_user", "all", world % 2 == 0 ? 2.0 : 0.5, false}});
    }
    const auto rows = markets.agreement({{"popularity", "ndcg@100", {0, 1}, {0.1, 0.2}},
                                         {"ease", "ndcg@100", {0, 1}, {0.2, 0.3}}});
    const auto tau = row_of(rows, "kendall_tau(purchases_per_user, ndcg@100)", "all");
    CHECK(tau.mean == 1);
    CHECK((tau.ci_low < tau.ci_high) == (worlds == 5));
  }
}

TEST_CASE("a count of what did not happen in a world is 0, a rate is nothing",
          "[experiments][market_rows]") {
  const auto options =
    read(std::string{smallest} + "simulation: {worlds: 2, policies: [popularity]}\n");
  market_rows markets{options};
  markets.add("popularity", 0,
              {{"purchases", "all", 6, true},
               {"purchases", "intent=browse", 4, true},
               {"purchases", "intent=search", 2, true},
               {"return_rate", "intent=search", 0.5, false}});
  markets.add("popularity", 1,
              {{"purchases", "all", 3, true}, {"purchases", "intent=browse", 3, true}});
  const auto rows = markets.ordinary();
  CHECK(row_of(rows, "purchases", "all").mean == Approx(4.5));
  CHECK(row_of(rows, "purchases", "intent=browse").mean == Approx(3.5));
  CHECK(row_of(rows, "purchases", "intent=search").mean == Approx(1));
  CHECK(row_of(rows, "purchases", "intent=search").n == 2);
  CHECK(row_of(rows, "return_rate", "intent=search").mean == Approx(0.5));
  CHECK(row_of(rows, "return_rate", "intent=search").n == 1);
}
