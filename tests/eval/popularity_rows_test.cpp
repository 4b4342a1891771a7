#include "eval/popularity_rows.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace souk;
using namespace souk::eval;

namespace {

/// Counts of a market in which item i was opened `clicks[i]` times and bought
/// `purchases[i]` times.
item_counts counts_of(const std::vector<std::uint32_t>& clicks,
                      const std::vector<std::uint32_t>& purchases) {
  item_counts counts{clicks.size()};
  const auto add = [&](core::event_kind kind, core::item_id item, std::uint32_t times) {
    core::session_record record;
    record.kind = kind;
    record.item = item;
    const std::vector<core::session_record> records(times, record);
    counts.add(core::span<const core::session_record>{records});
  };
  for (core::item_id item = 0; item < clicks.size(); ++item) {
    add(core::event_kind::click, item, clicks[item]);
    add(core::event_kind::purchase, item, purchases[item]);
  }
  return counts;
}

double value_of(const std::vector<world_value>& values,
                const std::string& metric,
                const std::string& group) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& each) {
    return each.metric == metric && each.group == group;
  });
  REQUIRE(found != values.end());
  return found->value;
}

} // namespace

SCENARIO("the share of the top is over the whole catalogue", "[eval][popularity]") {
  GIVEN("ten items of which two are opened and one is bought") {
    const auto counts =
      counts_of({0, 0, 3, 0, 0, 1, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 2, 0, 0, 0, 0});
    const auto values = popularity_values("ease", 4, counts);
    THEN("the items that nobody opened count as items") {
      CHECK(value_of(values, "popularity_share", "top=10%") == Approx(0.75));
      CHECK(value_of(values, "popularity_share", "top=20%") == Approx(1));
      CHECK(value_of(values, "popularity_share", "top=50%") == Approx(1));
      // Pairwise differences: sum |a - b| / (2 n^2 mean) = 68 / 80.
      CHECK(value_of(values, "gini", "all") == Approx(0.85));
    }
    THEN("less than an item is a part of the most popular one") {
      CHECK(value_of(values, "popularity_share", "top=1%") == Approx(0.075));
      CHECK(value_of(values, "popularity_share", "top=0.1%") == Approx(0.0075));
    }
    THEN("purchases have rows of their own") {
      CHECK(value_of(values, "purchase_popularity_share", "top=10%") == Approx(1));
      CHECK(value_of(values, "purchase_gini", "all") == Approx(0.9));
    }
    THEN("all are of the policy and its world") {
      CHECK(values.size() == 18);
      for (const auto& each : values) {
        CHECK(each.policy == "ease");
        CHECK(each.world == 4);
      }
    }
  }
}

TEST_CASE("where nothing was opened or bought there is nothing to share",
          "[eval][popularity]") {
  CHECK(popularity_values("ease", 0, counts_of({0, 0}, {0, 0})).empty());
  CHECK(popularity_values("ease", 0, counts_of({}, {})).empty());
  CHECK(popularity_values("ease", 0, counts_of({1, 0}, {0, 0})).size() == 9);
}

TEST_CASE("equally popular items give every share to itself", "[eval][popularity]") {
  const auto values = popularity_values(
    "random", 0,
    counts_of(std::vector<std::uint32_t>(1000, 2), std::vector<std::uint32_t>(1000)));
  CHECK(value_of(values, "popularity_share", "top=0.1%") == Approx(0.001));
  CHECK(value_of(values, "popularity_share", "top=5%") == Approx(0.05));
  CHECK(value_of(values, "gini", "all") == Approx(0).margin(1e-12));
}

TEST_CASE("shares of the top have intervals over worlds and are not compared",
          "[eval][popularity]") {
  std::vector<world_value> values;
  for (const auto* policy : {"ease", "popularity"})
    for (std::uint32_t world = 0; world < 3; ++world)
      for (auto& each :
           popularity_values(policy, world, counts_of({3, world, 1}, {0, 0, 0})))
        values.push_back(std::move(each));
  const auto rows = rows_of(values);
  const auto count = [&](const char* metric, bool is_comparison) {
    return std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
      return row.metric == metric && row.against.empty() != is_comparison;
    });
  };
  CHECK(count("popularity_share", false) == 16);
  CHECK(count("popularity_share", true) == 0);
  CHECK(count("gini", false) == 2);
  CHECK(count("gini", true) == 1);
  CHECK(rows.front().n == 3);
  CHECK(rows.front().ci_low < rows.front().ci_high);
}

TEST_CASE("the real curve counts who had each item, exactly", "[eval][popularity]") {
  core::interactions training;
  training.num_items = 5;
  const std::vector<core::item_id> one{2};
  const std::vector<core::item_id> two{1, 2};
  training.append_row({one.data(), one.size()});
  training.append_row({two.data(), two.size()});
  const auto rows = real_popularity_rows(training);
  REQUIRE(rows.size() == 9);
  for (const auto& row : rows) {
    CHECK(row.stage == "online");
    CHECK(row.model == real_events);
    CHECK(row.n == 3);
    CHECK(row.ci_low == row.mean);
    CHECK(row.ci_high == row.mean);
  }
  CHECK(rows[6].group == "top=20%");
  CHECK(rows[6].mean == Approx(2.0 / 3));
  CHECK(rows[8].metric == "gini");
  CHECK(rows[8].group == "all");
  CHECK(real_popularity_rows({}).empty());
}
