#include "eval/rows.hpp"

#include "eval/comparisons.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace souk;

namespace {

eval::evaluation evaluation_of(const std::string& model,
                               const std::vector<double>& values) {
  eval::evaluation made{
    model, eval::parse_metrics({"ndcg@5", "coverage@5"}), {}, {}, {}, 0};
  for (core::user_id user = 0; user < values.size(); ++user)
    made.users.push_back(user);
  made.values = {values, {}};
  made.overall = {eval::mean_of(values), 0.25};
  return made;
}

eval::cold_start_curve curve_of(const std::string& model, double first, double second) {
  eval::cold_start_curve made{model, eval::parse_metrics({"ndcg@5"}), {0, 1, 2}, {}};
  made.buckets.push_back({0, {{first, first, first}}});
  made.buckets.push_back({std::nullopt, {{second, second, second}}});
  return made;
}

const core::result_row* find(const std::vector<core::result_row>& rows,
                             const std::string& model,
                             const std::string& against,
                             const std::string& metric,
                             const std::string& group) {
  for (const auto& row : rows)
    if (row.model == model && row.against == against && row.metric == metric
        && row.group == group)
      return &row;
  return nullptr;
}

} // namespace

TEST_CASE("an offline table has every model and every pair of models", "[eval][rows]") {
  const auto rows = eval::rows_of({evaluation_of("a", {0.5, 0.7, 0.9, 0.8}),
                                   evaluation_of("b", {0.4, 0.6, 0.9, 0.7}),
                                   evaluation_of("c", {0.1, 0.1, 0.2, 0.0})},
                                  {1, 100, 99});
  CHECK(rows.size() == 3 + 3 + 3); // ndcg of three, three pairs, coverage of three
  for (const auto& row : rows) {
    CHECK(row.stage == "offline");
    CHECK(row.group == "all");
    CHECK(row.n == 4);
    CHECK(row.ci_low <= row.mean);
    CHECK(row.mean <= row.ci_high);
    CHECK_FALSE(row.measured);
    CHECK(row.p_value.has_value() == !row.against.empty());
  }
  CHECK(find(rows, "a", "", "ndcg@5", "all")->mean == Approx(0.725));
  CHECK(find(rows, "a", "b", "ndcg@5", "all")->mean == Approx(0.075));
  CHECK(find(rows, "b", "a", "ndcg@5", "all") == nullptr);
  const auto* coverage = find(rows, "a", "", "coverage@5", "all");
  CHECK(coverage->mean == 0.25);
  CHECK(coverage->ci_high == 0.25);
}

TEST_CASE("p values of one metric are corrected together", "[eval][rows]") {
  const std::vector<double> a(12, 0.9);
  const std::vector<double> b(12, 0.5);
  const auto pair =
    eval::rows_of({evaluation_of("a", a), evaluation_of("b", b)}, {1, 10, 999});
  const auto alone = *find(pair, "a", "b", "ndcg@5", "all")->p_value;
  const auto three =
    eval::rows_of({evaluation_of("a", a), evaluation_of("b", b), evaluation_of("c", b)},
                  {1, 10, 999});
  CHECK(*find(three, "a", "b", "ndcg@5", "all")->p_value == Approx(3 * alone));
  CHECK(*find(three, "b", "c", "ndcg@5", "all")->p_value == 1);
}

TEST_CASE("a table of nobody or of no models is empty", "[eval][rows]") {
  CHECK(eval::rows_of(std::vector<eval::evaluation>{}, {}).empty());
  CHECK(eval::rows_of({evaluation_of("a", {})}, {}).empty());
  CHECK(eval::rows_of(std::vector<eval::cold_start_curve>{}, {}).empty());
  CHECK(eval::rows_of(std::vector<eval::world_value>{}).empty());
}

TEST_CASE("a cold-start table compares the first model with the others in every bucket",
          "[eval][rows]") {
  const auto rows =
    eval::rows_of({curve_of("vae", 0.2, 0.5), curve_of("popularity", 0.3, 0.3),
                   curve_of("ease", 0.3, 0.6)},
                  {1, 10, 99});
  CHECK(rows.size() == 2 * (3 + 2));
  CHECK(rows[0].stage == "cold_start");
  CHECK(find(rows, "popularity", "", "ndcg@5", "history=0")->mean == Approx(0.3));
  CHECK(find(rows, "vae", "popularity", "ndcg@5", "history=0")->mean == Approx(-0.1));
  CHECK(find(rows, "vae", "ease", "ndcg@5", "history=all")->mean == Approx(-0.1));
  CHECK(find(rows, "popularity", "ease", "ndcg@5", "history=0") == nullptr);
}

TEST_CASE("an online table has means over worlds and pairs over the same worlds",
          "[eval][rows]") {
  const auto rows = eval::rows_of({{"vae", 0, "revenue", "all", 3},
                                   {"vae", 1, "revenue", "all", 4},
                                   {"vae", 2, "revenue", "all", 8},
                                   {"random", 1, "revenue", "all", 2},
                                   {"random", 0, "revenue", "all", 2}});
  const auto* vae = find(rows, "vae", "", "revenue", "all");
  CHECK(vae->stage == "online");
  CHECK(vae->mean == 5);
  CHECK(vae->n == 3);
  CHECK(vae->ci_low == Approx(5 - 4.3026527 * std::sqrt(7.0 / 3)));
  // World 2 was not met by both: differences are 1 and 2.
  const auto* pair = find(rows, "vae", "random", "revenue", "all");
  CHECK(pair->mean == 1.5);
  CHECK(pair->n == 2);
  CHECK(*pair->p_value == Approx(0.2048328)); // t = 3 with one degree of freedom
  // All variance is the first policy's: pairing gains nothing.
  CHECK(find(rows, "vae", "random", "revenue_variance_gain", "all")->mean == Approx(0));
}

TEST_CASE("what pairing gained is a row of its own", "[eval][rows]") {
  const auto rows = eval::rows_of({{"a", 0, "clicks", "all", 1},
                                   {"a", 1, "clicks", "all", 5},
                                   {"b", 0, "clicks", "all", 2},
                                   {"b", 1, "clicks", "all", 6}});
  const auto* gain = find(rows, "a", "b", "clicks_variance_gain", "all");
  REQUIRE(gain != nullptr);
  CHECK(gain->mean == 1);
  CHECK_FALSE(gain->p_value);
}

TEST_CASE("one world has a mean, no interval and no p value", "[eval][rows]") {
  const auto rows =
    eval::rows_of({{"a", 0, "clicks", "all", 1}, {"b", 0, "clicks", "all", 2}});
  CHECK(rows.size() == 3);
  CHECK(rows[0].ci_low == rows[0].ci_high);
  CHECK_FALSE(find(rows, "a", "b", "clicks", "all")->p_value);
}

TEST_CASE("days are series to plot and are not compared", "[eval][rows]") {
  const auto rows = eval::rows_of({{"a", 0, "sessions", "day=1", 10},
                                   {"b", 0, "sessions", "day=1", 12},
                                   {"a", 0, "sessions", "events=0", 10},
                                   {"b", 0, "sessions", "events=0", 12}});
  CHECK(find(rows, "a", "b", "sessions", "day=1") == nullptr);
  CHECK(find(rows, "a", "b", "sessions", "events=0") != nullptr);
}

TEST_CASE("what could not be divided is left out and not counted", "[eval][rows]") {
  const auto nothing = std::numeric_limits<double>::quiet_NaN();
  const auto rows = eval::rows_of({{"a", 0, "conversion", "all", nothing},
                                   {"a", 1, "conversion", "all", 0.5},
                                   {"b", 0, "conversion", "all", nothing}});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].mean == 0.5);
  CHECK(rows[0].n == 1);
}
