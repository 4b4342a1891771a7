#include "eval/intervals.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;

namespace {

using values = std::vector<double>;

values normal_values(std::uint64_t seed, std::size_t count) {
  values drawn(count);
  for (std::uint32_t i = 0; i < count; ++i)
    drawn[i] = core::normal({seed, core::stream::synthetic_data}, i);
  return drawn;
}

eval::interval bootstrap_interval(const values& of,
                                  eval::resampling_options options = {}) {
  return eval::bootstrap_intervals({of}, options).front();
}

} // namespace

TEST_CASE("means, variances and quantiles are those of the formulas",
          "[eval][intervals]") {
  CHECK(eval::mean_of(values{1, 2, 6}) == 3);
  CHECK(eval::mean_of(values{}) == 0);
  CHECK(eval::variance_of(values{1, 2, 6}) == 7);
  CHECK(eval::variance_of(values{5}) == 0);
  CHECK(eval::quantile_of(values{1, 2, 4}, 0) == 1);
  CHECK(eval::quantile_of(values{1, 2, 4}, 0.5) == 2);
  CHECK(eval::quantile_of(values{1, 2, 4}, 0.75) == 3);
  CHECK(eval::quantile_of(values{1, 2, 4}, 1) == 4);
}

TEST_CASE("a bootstrap interval repeats with its seed and moves with another",
          "[eval][intervals]") {
  const auto users = normal_values(1, 40);
  const auto first = bootstrap_interval(users, {7, 200, 0});
  const auto again = bootstrap_interval(users, {7, 200, 0});
  const auto other = bootstrap_interval(users, {8, 200, 0});
  CHECK(first.low == again.low);
  CHECK(first.high == again.high);
  CHECK(first.low != other.low);
  CHECK(first.mean == eval::mean_of(users));
  CHECK(first.n == 40);
}

TEST_CASE("columns resampled together have the intervals that they have alone",
          "[eval][intervals]") {
  const auto a = normal_values(1, 30);
  const auto b = normal_values(2, 30);
  const auto together = eval::bootstrap_intervals({a, b}, {});
  CHECK(together[0].low == bootstrap_interval(a).low);
  CHECK(together[1].high == bootstrap_interval(b).high);
}

TEST_CASE("a bootstrap interval is as wide as theory says", "[eval][intervals]") {
  const auto users = normal_values(3, 400);
  const auto found = bootstrap_interval(users, {1, 4000, 0});
  const auto error = std::sqrt(eval::variance_of(users) / 400);
  CHECK(found.low == Approx(found.mean - 1.96 * error).margin(0.2 * error));
  CHECK(found.high == Approx(found.mean + 1.96 * error).margin(0.2 * error));
}

TEST_CASE("95% intervals hold the truth about 95 times of 100", "[eval][intervals]") {
  constexpr int trials = 400;
  int by_bootstrap = 0;
  int by_student = 0;
  const auto holds_zero = [](const eval::interval& found) {
    return found.low <= 0 && 0 <= found.high;
  };
  for (int trial = 0; trial < trials; ++trial) {
    const auto seed = static_cast<std::uint64_t>(trial + 100);
    by_bootstrap +=
      holds_zero(bootstrap_interval(normal_values(seed, 60), {seed, 300, 0}));
    by_student += holds_zero(eval::student_t_interval(normal_values(seed, 3)));
  }
  // The standard error of 400 trials is 1.1 points.
  CHECK(by_bootstrap >= 0.91 * trials);
  CHECK(by_bootstrap <= 0.98 * trials);
  CHECK(by_student >= 0.91 * trials);
  CHECK(by_student <= 0.98 * trials);
}

TEST_CASE("Student's interval over worlds is that of the formula",
          "[eval][intervals]") {
  const auto found = eval::student_t_interval(values{1, 2, 3});
  CHECK(found.mean == 2);
  CHECK(found.high - found.mean == Approx(4.3026527 / std::sqrt(3.0)));
  CHECK(found.mean - found.low == Approx(found.high - found.mean));
  CHECK(found.n == 3);
}

TEST_CASE("one value has no interval and none is all zeros", "[eval][intervals]") {
  for (const auto& found :
       {eval::student_t_interval(values{5}), bootstrap_interval({5})}) {
    CHECK(found.mean == 5);
    CHECK(found.low == 5);
    CHECK(found.high == 5);
    CHECK(found.n == 1);
  }
  for (const auto& found : {eval::student_t_interval({}), bootstrap_interval({})}) {
    CHECK(found.mean == 0);
    CHECK(found.high == 0);
    CHECK(found.n == 0);
  }
  CHECK(eval::bootstrap_intervals({}, {}).empty());
}
