#include "eval/realism/two_sample.hpp"

#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "eval/realism/resampling.hpp"
#include "tests/eval/realism/sample_logs.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace souk;
using namespace souk::eval::realism;

namespace {

user_features features(const sample_shop& shop) {
  return features_of(cut_into_visits(sample_log(shop)));
}

} // namespace

TEST_CASE("the area under the curve counts pairs that are in order",
          "[eval][realism]") {
  CHECK(area_under_curve({3, 4}, {1, 1}, {1, 2}, {1, 1}) == 1);
  CHECK(area_under_curve({1, 2}, {1, 1}, {3, 4}, {1, 1}) == 0);
  // Of four pairs: 2 > 1, 2 = 2, 0 < 1, 0 < 2.
  CHECK(area_under_curve({2, 0}, {1, 1}, {1, 2}, {1, 1}) == Approx(1.5 / 4));
  CHECK(area_under_curve({2, 0}, {3, 0}, {1, 2}, {1, 1}) == Approx(0.75));
  CHECK(area_under_curve({}, {}, {1}, {1}) == 0.5);
}

TEST_CASE("logistic regression finds the odds that made the labels",
          "[eval][realism]") {
  std::vector<std::vector<double>> rows;
  std::vector<int> labels;
  const core::draw_site normals{1, core::stream::synthetic_data};
  const core::draw_site uniforms{2, core::stream::synthetic_data};
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const auto x = core::normal(normals, i);
    rows.push_back({3 + 2 * x, 7});
    labels.push_back(core::uniform(uniforms, i) < core::portable::sigmoid(0.5 + x) ? 1
                                                                                   : 0);
  }
  const logistic_regression fitted{rows, labels};
  CHECK(fitted.score({3, 7}) == Approx(0.5).margin(0.06));
  CHECK(fitted.score({5, 7}) == Approx(1.5).margin(0.1));
  CHECK(fitted.score({1, 7}) == Approx(-0.5).margin(0.1));
}

TEST_CASE("features have names", "[eval][realism]") {
  CHECK(features({}).rows.front().size() == user_features::names().size());
}

TEST_CASE("users of one law are not told apart", "[eval][realism]") {
  // 95% intervals of 20 trials: 19 +- 1 should hold 0.5.
  int covered = 0;
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    sample_shop ours;
    ours.seed = 100 + trial;
    sample_shop theirs;
    theirs.seed = 200 + trial;
    const auto found =
      two_sample_auc(features(ours), features(theirs), {trial, 200, 0}, 0);
    covered += found.low <= 0.5 && 0.5 <= found.high ? 1 : 0;
  }
  CHECK(covered >= 16);
}

TEST_CASE("users of another law are told apart", "[eval][realism]") {
  sample_shop odd;
  odd.seed = 2;
  odd.busiest_hour = 15;
  const auto found = two_sample_auc(features({}), features(odd), {1, 200, 0}, 0);
  CHECK(found.mean > 0.75);
  CHECK(found.low > 0.65);
  CHECK(found.n == 400);
}

TEST_CASE("halves share out all users, resamples draw as many as there are",
          "[eval][realism]") {
  const halves cut{101, 1, 0};
  CHECK(std::accumulate(cut.first.begin(), cut.first.end(), 0U) == 50);
  for (std::size_t user = 0; user < 101; ++user)
    CHECK(cut.first[user] + cut.second[user] == 1);
  CHECK(halves{101, 1, 1}.first != cut.first);
  const auto drawn = resampled_weights(101, 1, 4, 0);
  CHECK(std::accumulate(drawn.begin(), drawn.end(), 0U) == 101);
  CHECK(resampled_weights(101, 1, 4, 0) == drawn);
  CHECK(resampled_weights(101, 1, 5, 0) != drawn);
}
