#include "eval/ratio_intervals.hpp"

#include <catch2/catch.hpp>

using namespace souk;

namespace {

/// Users [0, n) with so many events each, of which a share hits.
eval::user_sums alike(std::size_t n, double events, double hits) {
  eval::user_sums group;
  for (core::user_id user = 0; user < n; ++user)
    group.users.push_back(user);
  group.events.assign(n, events);
  group.sums = {std::vector<double>(n, hits)};
  return group;
}

} // namespace

TEST_CASE("a mean over events is that of all events, whoever has them",
          "[eval][ratio_intervals]") {
  const eval::user_sums group{{0, 1}, {1, 9}, {{1, 0}}};
  const auto found = eval::ratio_intervals({group}, 2, {1, 200, 0});
  CHECK(found[0][0].mean == Approx(0.1));
  CHECK(found[0][0].n == 10);
  // A resample has the first user twice, both, or the second twice.
  CHECK(found[0][0].low == 0);
  CHECK(found[0][0].high == 1);
}

TEST_CASE("where users do not differ there is no sampling error",
          "[eval][ratio_intervals]") {
  const auto found = eval::ratio_intervals({alike(30, 4, 1)}, 30, {1, 100, 0});
  CHECK(found[0][0].low == found[0][0].mean);
  CHECK(found[0][0].high == found[0][0].mean);
}

TEST_CASE("with one event a user the interval is that of a mean over users",
          "[eval][ratio_intervals]") {
  std::vector<double> values;
  for (int i = 0; i < 50; ++i)
    values.push_back(i % 7 == 0 ? 1 : 0.1 * (i % 3));
  auto group = alike(values.size(), 1, 0);
  group.sums = {values};
  const eval::resampling_options options{7, 300, 0};
  const auto found = eval::ratio_intervals({group}, values.size(), options)[0][0];
  const auto known = eval::bootstrap_intervals({values}, options)[0];
  CHECK(found.mean == Approx(known.mean));
  CHECK(found.low == Approx(known.low));
  CHECK(found.high == Approx(known.high));
}

TEST_CASE("a group of few users has an interval over the resamples that have any",
          "[eval][ratio_intervals]") {
  const eval::user_sums few{{3, 60}, {1, 1}, {{0, 1}}};
  const eval::user_sums one{{5}, {4}, {{1}}};
  const auto found =
    eval::ratio_intervals({few, one, {{}, {}, {{}}}}, 100, {1, 400, 0});
  CHECK(found[0][0].low == 0);
  CHECK(found[0][0].high == 1);
  CHECK(found[1][0].mean == 0.25);
  CHECK(found[1][0].low == 0.25);
  CHECK(found[1][0].high == 0.25);
  CHECK(found[2][0].n == 0);
}
