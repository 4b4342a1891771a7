#include "experiments/results_file.hpp"

#include "core/digest.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace {

std::vector<core::result_row> some_rows() {
  core::result_row plain{"offline", "ease", "ndcg@100", "all", 0.1 + 0.2, 1.0 / 3,
                         0.4,       671,    "",         {},    false};
  core::result_row compared{
    "offline", "mult_vae", "ndcg@100",           "all", -1e-300, -2, 3,
    671,       "ease",     0.012345678901234567, false};
  core::result_row measured{
    "training", "mult_vae", "users_per_second", "all", 19700.5, 19700.5, 19700.5, 1, "",
    {},         true};
  return {plain, compared, measured};
}

} // namespace

TEST_CASE("results come back with every bit", "[experiments][results]") {
  const scratch_folder folder;
  const auto rows = some_rows();
  write_results(folder / "results.json", rows);
  const auto back = read_results(folder / "results.json");
  CHECK(core::digest_of(back) == core::digest_of(rows));
  CHECK(to_json(back) == to_json(rows));
  CHECK(back[0].mean == 0.1 + 0.2);
  CHECK(back[1].p_value == rows[1].p_value);
  CHECK(back[2].measured);
}

TEST_CASE("rows keep their order and their columns", "[experiments][results]") {
  const auto text = to_json(some_rows());
  CHECK(
    text.find("{\"schema\":1,\"rows\":[\n{\"stage\":\"offline\",\"model\":\"ease\","
              "\"metric\":\"ndcg@100\",\"group\":\"all\",\"mean\":0.30000000000000004,")
    == 0);
  CHECK_THAT(text, Contains("\"n\":671,\"against\":null,\"p_value\":null,"
                            "\"measured\":false},\n"));
  CHECK_THAT(text, Contains("\"against\":\"ease\",\"p_value\":0.0123456789"));
  CHECK(results_from_json("{\"schema\":1,\"rows\":[]}", "").empty());
  CHECK(to_json(std::vector<core::result_row>{}) == "{\"schema\":1,\"rows\":[\n]}\n");
}

TEST_CASE("a number that is none is null and comes back as none",
          "[experiments][results]") {
  auto rows = some_rows();
  rows[0].mean = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(to_json(rows), Contains("\"mean\":null"));
  CHECK(std::isnan(results_from_json(to_json(rows), "")[0].mean));
}

TEST_CASE("a damaged table is refused by its name", "[experiments][results]") {
  const auto text = to_json(some_rows());
  for (const auto& damaged :
       {std::string{}, text.substr(0, 100), std::string{"{\"schema\":1}"},
        std::string{"{\"schema\":7,\"rows\":[]}"},
        std::string{"{\"schema\":1,\"rows\":[{\"stage\":3}]}"}})
    CHECK_THAT(failure_of([&] { results_from_json(damaged, "runs/a/results.json"); }),
               Contains("runs/a/results.json: "));
}
