#include "eval/cross_play.hpp"

#include <catch2/catch.hpp>

using namespace souk;

namespace {

/// Purchases of two policies in two worlds among the shoppers of a generator.
eval::generator_values generator_of(const std::string& name,
                                    std::vector<double> vae,
                                    std::vector<double> factors,
                                    std::vector<std::string> own_kind) {
  eval::generator_values made{name, {}, std::move(own_kind)};
  for (std::uint32_t world = 0; world < 2; ++world) {
    made.values.push_back({"vae", world, "purchases", "all", vae[world]});
    made.values.push_back({"svd", world, "purchases", "all", factors[world]});
    made.values.push_back({"vae", world, "purchases", "day=1", 7});
  }
  return made;
}

std::vector<core::result_row> rows_named(const std::vector<core::result_row>& rows,
                                         const std::string& metric,
                                         const std::string& group,
                                         const std::string& model) {
  std::vector<core::result_row> found;
  for (const auto& row : rows)
    if (row.metric == metric && row.group == group && row.model == model
        && row.against.empty())
      found.push_back(row);
  return found;
}

} // namespace

TEST_CASE("cross-play has a row per generator and policy", "[eval][cross_play]") {
  const auto rows = eval::cross_play_rows({generator_of("latent", {3, 5}, {1, 1}, {}),
                                           generator_of("factors", {2, 2}, {2, 4}, {})},
                                          "purchases");
  const auto latent = rows_named(rows, "purchases", "generator=latent", "vae");
  REQUIRE(latent.size() == 1);
  CHECK(latent[0].mean == Approx(4));
  CHECK(latent[0].n == 2);
  const auto factors = rows_named(rows, "purchases", "generator=factors", "svd");
  REQUIRE(factors.size() == 1);
  CHECK(factors[0].mean == Approx(3));
  for (const auto& row : rows)
    CHECK(row.group.rfind("generator=", 0) == 0);
}

TEST_CASE("an advantage is relative to the world and to the other generators",
          "[eval][cross_play]") {
  // Among its own kind a vae has 1.5 times the mean of its world, elsewhere 1.
  const auto rows =
    eval::cross_play_rows({generator_of("latent", {3, 30}, {1, 10}, {"vae"}),
                           generator_of("factors", {2, 5}, {2, 5}, {"svd"}),
                           generator_of("bootstrap", {4, 1}, {4, 1}, {})},
                          "purchases");
  const auto vae = rows_named(rows, "own_kind_advantage", "generator=latent", "vae");
  REQUIRE(vae.size() == 1);
  CHECK(vae[0].mean == Approx(0.5));
  CHECK(vae[0].ci_low == Approx(0.5));
  // An svd has 1 at home, and 0.5 and 1 elsewhere.
  const auto svd = rows_named(rows, "own_kind_advantage", "generator=factors", "svd");
  REQUIRE(svd.size() == 1);
  CHECK(svd[0].mean == Approx(1 / 0.75 - 1));
}

TEST_CASE("a generator alone has nobody to be compared with", "[eval][cross_play]") {
  const auto rows = eval::cross_play_rows(
    {generator_of("latent", {3, 3}, {1, 1}, {"vae"})}, "purchases");
  CHECK(rows_named(rows, "own_kind_advantage", "generator=latent", "vae").empty());
}

TEST_CASE("where nobody buys there is no advantage", "[eval][cross_play]") {
  const auto rows =
    eval::cross_play_rows({generator_of("latent", {3, 3}, {1, 1}, {"vae"}),
                           generator_of("factors", {0, 0}, {0, 0}, {})},
                          "purchases");
  CHECK(rows_named(rows, "own_kind_advantage", "generator=latent", "vae").empty());
}
