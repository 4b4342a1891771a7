#include "eval/realism/popularity.hpp"

#include "eval/realism/co_occurrence.hpp"
#include "tests/eval/realism/sample_logs.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::eval::realism;

TEST_CASE("Gini, top fifth and curve are those of the formulas", "[eval][realism]") {
  const rank_counts alike{3, 3, 3, 3, 3};
  const rank_counts uneven{6, 2, 1, 1, 0};
  CHECK(gini(alike) == Approx(0).margin(1e-12));
  // Pairwise differences: sum |a - b| / (2 n^2 mean) = 52 / 100.
  CHECK(gini(uneven) == Approx(0.52));
  CHECK(top_fifth_share(alike) == Approx(0.2));
  CHECK(top_fifth_share(uneven) == Approx(0.6));
  // Shares 0.6, 0.8, 0.9, 1, 1 against 0.2, 0.4, 0.6, 0.8, 1.
  CHECK(curve_distance(alike, uneven) == Approx(0.4));
  CHECK(curve_distance(uneven, uneven) == 0);
  // Twice the items, each half as popular: the same curve.
  CHECK(curve_distance({2, 1}, {4, 4, 2, 2}) == Approx(0).margin(1e-12));
}

TEST_CASE("the tail exponent of a power law is found", "[eval][realism]") {
  // P(count > x) = x^-1.5, so the density's exponent is 2.5.
  rank_counts counts;
  for (int i = 0; i < 10000; ++i)
    counts.push_back(
      static_cast<std::uint64_t>(1000 * std::pow((i + 0.5) / 10000, -1 / 1.5)));
  CHECK(tail_exponent(counts) == Approx(2.5).margin(0.05));
  CHECK(tail_exponent({5, 4}) == 0);
  CHECK(tail_exponent(rank_counts(100, 7)) == 0);
}

TEST_CASE("ranks count users as often as they weigh, and no item without events",
          "[eval][realism]") {
  behaviour log;
  log.events = {purchase(0, 3, 0), purchase(0, 3, 0), purchase(1, 1, 0)};
  const auto cut = cut_into_visits(log);
  CHECK(count_ranks(cut, {1, 1}) == rank_counts{2, 1});
  CHECK(count_ranks(cut, {1, 5}) == rank_counts{5, 2});
  CHECK(count_ranks(cut, {0, 1}) == rank_counts{1});
}

TEST_CASE("lift is how much more often two items meet than by chance",
          "[eval][realism]") {
  // Eight users, one session each: items 0 and 1 always together, 2 on its own.
  behaviour log;
  for (core::user_id user = 0; user < 8; ++user)
    if (user < 4) {
      log.events.push_back(purchase(user, 0, 0));
      log.events.push_back(purchase(user, 1, 0));
    } else {
      log.events.push_back(purchase(user, 2, 0));
    }
  const co_occurrences pairs{cut_into_visits(log)};
  // Each item is 4 of the 12 entries; the 8 ordered pairs there are would fall on (0,
  // 1) 8 / 9 times, and it is there 4 times.
  CHECK(pairs.lifts(user_weights(8, 1)) == std::vector<double>{0, 0, 4.5});
  // Three of those who have 2 do not count: 4 against 8 * 4 / 9 * 4 / 9.
  CHECK(pairs.lifts({1, 1, 1, 1, 1, 0, 0, 0}).back() == Approx(2.53125));
}
