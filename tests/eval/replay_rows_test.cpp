#include "eval/replay_rows.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using core::replay_verdict;

namespace {

const std::vector<eval::metric> metrics =
  eval::parse_metrics({"hit_rate@2", "mrr@2", "ndcg@2"});

const core::result_row& find(const std::vector<core::result_row>& rows,
                             const std::string& metric,
                             const std::string& group) {
  for (const auto& row : rows)
    if (row.metric == metric && row.group == group)
      return row;
  FAIL("there is no row " << metric << ' ' << group);
  return rows.front();
}

/// Two users: one finds at once and later at place 2, one at place 3 only.
eval::replayed small_replay() {
  eval::replayed whole;
  whole.model = "toy";
  whole.predictions = {
    {0, 1, 1, 0, replay_verdict::judged},   {1, 3, 1, 0, replay_verdict::judged},
    {0, 0, 2, 1, replay_verdict::repeated}, {0, 0, 3, 1, replay_verdict::unknown},
    {2, 0, 1, 0, replay_verdict::learned},  {0, 2, 1, 1, replay_verdict::judged}};
  whole.latencies_ms = {3, 1, 2};
  whole.seconds = 2;
  return whole;
}

} // namespace

TEST_CASE("a metric's value by rank is that of a slate with the item there",
          "[eval][replay_rows]") {
  CHECK(eval::values_by_rank(metrics[0]) == std::vector<double>{0, 1, 1});
  CHECK(eval::values_by_rank(metrics[1]) == std::vector<double>{0, 1, 0.5});
  const auto ndcg = eval::values_by_rank(metrics[2]);
  REQUIRE(ndcg.size() == 3);
  CHECK(ndcg[0] == 0);
  CHECK(ndcg[1] == 1);
  CHECK(ndcg[2] == Approx(1 / std::log2(3)));
}

TEST_CASE("buckets leave no count out", "[eval][replay_rows]") {
  CHECK(eval::bucket_of(0) == "0");
  CHECK(eval::bucket_of(4) == "4");
  CHECK(eval::bucket_of(5) == "5-9");
  CHECK(eval::bucket_of(9) == "5-9");
  CHECK(eval::bucket_of(10) == "10-19");
  CHECK(eval::bucket_of(49) == "20-49");
  CHECK(eval::bucket_of(50) == "50+");
  CHECK(eval::bucket_of(0xFFFFFFFF) == "50+");
}

TEST_CASE("means are over judged events, by position and by history",
          "[eval][replay_rows]") {
  const auto rows = eval::rows_of(small_replay(), metrics, {1, 100, 0});
  CHECK(find(rows, "hit_rate@2", "all").mean == Approx(2.0 / 3));
  CHECK(find(rows, "mrr@2", "all").mean == Approx(1.5 / 3));
  CHECK(find(rows, "ndcg@2", "all").mean == Approx((1 + 1 / std::log2(3)) / 3));
  CHECK(find(rows, "hit_rate@2", "all").n == 3);
  CHECK(find(rows, "hit_rate@2", "all").ci_low == 0); // both draws are the second user
  CHECK(find(rows, "hit_rate@2", "all").ci_high == 1);
  CHECK(find(rows, "mrr@2", "position=1").mean == Approx(1.5 / 3));
  CHECK(find(rows, "mrr@2", "history=0").mean == Approx(0.5));
  CHECK(find(rows, "mrr@2", "history=1").mean == Approx(0.5));
  CHECK(find(rows, "mrr@2", "history=1").n == 1);
  for (const auto& row : rows) {
    CHECK(row.stage == "replay");
    CHECK(row.model == "toy");
    CHECK_FALSE(row.measured);
    CHECK(row.group != "position=2"); // nothing was judged there
  }
}

TEST_CASE("every event is counted by what became of it", "[eval][replay_rows]") {
  const auto rows = eval::rows_of(small_replay(), metrics, {1, 100, 0});
  CHECK(find(rows, "users", "all").mean == 3);
  CHECK(find(rows, "events", "all").mean == 6);
  CHECK(find(rows, "events_judged", "all").mean == 3);
  CHECK(find(rows, "events_unknown_item", "all").mean == 1);
  CHECK(find(rows, "events_repeated", "all").mean == 1);
  CHECK(find(rows, "events_learned", "all").mean == 1);
}

TEST_CASE("a replay without judged events has counts only", "[eval][replay_rows]") {
  eval::replayed whole;
  whole.predictions = {{0, 0, 1, 0, replay_verdict::unknown}};
  const auto rows = eval::rows_of(whole, metrics, {1, 100, 0});
  CHECK(rows.size() == 6);
  CHECK(find(rows, "events_judged", "all").mean == 0);
  CHECK(eval::measured_rows_of(whole).empty());
}

TEST_CASE("what was measured stays out of digests", "[eval][replay_rows]") {
  const auto rows = eval::measured_rows_of(small_replay());
  CHECK(find(rows, "events_per_second", "all").mean == 3);
  CHECK(find(rows, "predictions_per_second", "all").mean == 1.5);
  CHECK(find(rows, "latency_p50_ms", "all").mean == 2);
  CHECK(find(rows, "latency_p90_ms", "all").mean == Approx(2.8));
  CHECK(find(rows, "latency_p99_ms", "all").mean == Approx(2.98));
  CHECK(find(rows, "latency_max_ms", "all").mean == 3);
  for (const auto& row : rows)
    CHECK(row.measured);
}

TEST_CASE("the digest is over every rank in order", "[eval][replay_rows]") {
  auto whole = small_replay();
  const auto before = eval::digest_of(whole.predictions);
  CHECK(eval::digest_of(small_replay().predictions) == before);
  whole.predictions[1].rank = 2;
  CHECK(eval::digest_of(whole.predictions) != before);
  whole = small_replay();
  std::swap(whole.predictions[0], whole.predictions[1]);
  CHECK(eval::digest_of(whole.predictions) != before);
}
