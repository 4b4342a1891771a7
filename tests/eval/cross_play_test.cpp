#include "eval/cross_play.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

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

namespace {

using results = std::map<std::string, double>;

/// The same results in two worlds, times 1 and 10.
eval::generator_values generator_with(const std::string& name,
                                      const results& of_policies,
                                      std::vector<std::string> own_kind) {
  eval::generator_values made{name, {}, std::move(own_kind)};
  for (std::uint32_t world = 0; world < 2; ++world)
    for (const auto& [policy, value] : of_policies)
      made.values.push_back(
        {policy, world, "purchases", "all", world == 0 ? value : 10 * value});
  return made;
}

std::vector<core::result_row>
advantage_rows(const std::vector<core::result_row>& rows) {
  std::vector<core::result_row> found;
  for (const auto& row : rows)
    if (row.metric == "own_kind_advantage")
      found.push_back(row);
  return found;
}

const results plain{{"ease", 1.2}, {"knn", 1.0}, {"popularity", 0.6}, {"vae", 1.2}};

} // namespace

TEST_CASE("who does better at home than the others lead to expect is favoured",
          "[eval][cross_play]") {
  // Sums of 4: results are relative to a mean of 1.
  const auto rows = eval::cross_play_rows(
    {generator_with("latent",
                    {{"ease", 1.1}, {"knn", 0.9}, {"popularity", 0.5}, {"vae", 1.5}},
                    {"vae"}),
     generator_with("factors", plain, {}), generator_with("bootstrap", plain, {})},
    "purchases");
  const auto found = advantage_rows(rows);
  REQUIRE(found.size() == 1);
  CHECK(found[0].model == "vae");
  CHECK(found[0].group == "generator=latent");
  // The line through the others is home = away - 0.1.
  CHECK(found[0].mean == Approx(0.4));
  CHECK(found[0].ci_low == Approx(0.4));
  CHECK(found[0].n == 2);
}

TEST_CASE("a generator that tells policies apart more sharply favours nobody",
          "[eval][cross_play]") {
  results sharper;
  for (const auto& [policy, value] : plain)
    sharper[policy] = 1 + 2 * (value - 1);
  const auto rows = eval::cross_play_rows(
    {generator_with("latent", sharper, {"vae"}), generator_with("factors", plain, {})},
    "purchases");
  const auto found = advantage_rows(rows);
  REQUIRE(found.size() == 1);
  CHECK(found[0].mean == Approx(0).margin(1e-12));
}

TEST_CASE("an advantage takes another generator, three other policies and two worlds",
          "[eval][cross_play]") {
  const auto latent = generator_with("latent", plain, {"vae"});
  const auto factors = generator_with("factors", plain, {});
  CHECK(advantage_rows(eval::cross_play_rows({latent}, "purchases")).empty());
  CHECK(advantage_rows(
          eval::cross_play_rows(
            {generator_with("latent", plain, {"vae", "knn"}), factors}, "purchases"))
          .empty());
  auto one_world = latent;
  one_world.values.resize(plain.size());
  CHECK(
    advantage_rows(eval::cross_play_rows({one_world, factors}, "purchases")).empty());
  CHECK(advantage_rows(eval::cross_play_rows({latent, factors}, "purchases")).size()
        == 1);
}

TEST_CASE("where nobody buys there is no advantage", "[eval][cross_play]") {
  const results nothing{{"ease", 0}, {"knn", 0}, {"popularity", 0}, {"vae", 0}};
  CHECK(advantage_rows(eval::cross_play_rows({generator_with("latent", plain, {"vae"}),
                                              generator_with("factors", nothing, {})},
                                             "purchases"))
          .empty());
}
