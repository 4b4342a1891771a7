#include "eval/metrics.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using eval::metric_kind;

namespace {

using items = std::vector<core::item_id>;

double value(const std::string& metric, const items& slate, const items& held_out) {
  return eval::judge{eval::parse_metric(metric)}.value(slate, held_out);
}

const items slate{3, 1, 4, 0, 2};
const items held_out{1, 2};

} // namespace

TEST_CASE("recall divides by what could have been found", "[eval][metrics]") {
  CHECK(value("recall@1", slate, held_out) == 0);
  CHECK(value("recall@2", slate, held_out) == 0.5);
  CHECK(value("recall@5", slate, held_out) == 1);
  // Three are held out, but two places cannot hold them: one hit of two.
  CHECK(value("recall@2", slate, {1, 2, 9}) == 0.5);
}

TEST_CASE("precision divides by the cutoff", "[eval][metrics]") {
  CHECK(value("precision@2", slate, held_out) == 0.5);
  CHECK(value("precision@5", slate, held_out) == 0.4);
  CHECK(value("precision@10", slate, held_out) == 0.2);
}

TEST_CASE("ndcg divides discounted gain by that of an ideal slate", "[eval][metrics]") {
  const auto second = 1 / std::log2(3.0);
  const auto fifth = 1 / std::log2(6.0);
  CHECK(value("ndcg@5", slate, held_out) == Approx((second + fifth) / (1 + second)));
  CHECK(value("ndcg@2", slate, held_out) == Approx(second / (1 + second)));
  // The ideal has no more hits than there are places.
  CHECK(value("ndcg@1", {1, 3}, held_out) == 1);
  CHECK(value("ndcg@1", {3, 1}, held_out) == 0);
}

TEST_CASE("a perfect slate has an ndcg of exactly 1", "[eval][metrics]") {
  CHECK(value("ndcg@100", {1, 2, 0}, held_out) == 1);
  CHECK(value("ndcg@2", {2, 1, 0}, held_out) == 1);
}

TEST_CASE("hit rate and mrr look for the first hit", "[eval][metrics]") {
  CHECK(value("hit_rate@1", slate, held_out) == 0);
  CHECK(value("hit_rate@2", slate, held_out) == 1);
  CHECK(value("mrr@1", slate, held_out) == 0);
  CHECK(value("mrr@5", slate, held_out) == 0.5);
  CHECK(value("mrr@5", slate, {2}) == 0.2);
}

TEST_CASE("a slate may be shorter than the cutoff or end in empty places",
          "[eval][metrics]") {
  CHECK(value("recall@20", {1}, held_out) == 0.5);
  CHECK(value("recall@20", {1, core::no_item, core::no_item}, held_out) == 0.5);
  CHECK(value("ndcg@20", {}, held_out) == 0);
}

TEST_CASE("a metric is written as it is read", "[eval][metrics]") {
  for (const auto* text :
       {"recall@20", "precision@1", "ndcg@100", "hit_rate@10", "mrr@5", "coverage@50"})
    CHECK(eval::to_string(eval::parse_metric(text)) == text);
  CHECK(eval::parse_metric("recall@20").kind == metric_kind::recall);
  CHECK(eval::parse_metric("recall@20").k == 20);
}

TEST_CASE("what is no metric is refused in words", "[eval][metrics]") {
  for (const auto* text : {"", "ndcg", "ndcg@", "ndcg@0", "ndcg@-1", "ndcg@ten",
                           "ndcg@1.5", "ndcg@ 5", "ndcg@5 ", "NDCG@5", "auc@5", "@5",
                           "ndcg@1000000", "ndcg@99999999999999999999"}) {
    CAPTURE(text);
    try {
      eval::parse_metric(text);
      FAIL("it was read");
    } catch (const core::error& error) {
      CHECK(error.whom() == core::blame::request);
      CHECK_THAT(error.what(), Catch::Contains("\"" + std::string{text} + "\""));
      CHECK_THAT(error.what(), Catch::Contains("recall, precision, ndcg"));
    }
  }
}

TEST_CASE("a list of metrics has each once and at least one", "[eval][metrics]") {
  CHECK(eval::parse_metrics({"ndcg@5", "ndcg@10"}).size() == 2);
  CHECK_THROWS_AS(eval::parse_metrics({}), core::error);
  CHECK_THROWS_WITH(eval::parse_metrics({"ndcg@5", "ndcg@5"}),
                    Catch::Contains("twice"));
}
