#include "eval/comparisons.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;

namespace {

using values = std::vector<double>;

eval::comparison compare(const values& differences,
                         eval::resampling_options options = {}) {
  return eval::compare_users({differences}, options).front();
}

/// The p value over all 2^n signs.
double exact_p_value(const values& differences) {
  double observed = 0;
  for (const auto each : differences)
    observed += each;
  std::size_t as_large = 0;
  const auto all = std::size_t{1} << differences.size();
  for (std::size_t signs = 0; signs < all; ++signs) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i)
      sum += (signs >> i & 1U) != 0 ? differences[i] : -differences[i];
    as_large += std::fabs(sum) >= std::fabs(observed) - 1e-9;
  }
  return static_cast<double>(as_large) / static_cast<double>(all);
}

} // namespace

TEST_CASE("flipping signs gives the p value of all permutations",
          "[eval][comparisons]") {
  for (const auto& differences :
       {values{0.3, -0.1, 0.4, 0.2, 0.5, -0.2, 0.1, 0.3, 0.2, 0.4},
        values{0.1, -0.2, 0.3, -0.4, 0.2, 0.1, -0.1, 0.05}, values{1, 1, 1, 1, 1}})
    CHECK(*compare(differences).p_value
          == Approx(exact_p_value(differences)).margin(0.015));
}

TEST_CASE("a comparison repeats to the bit", "[eval][comparisons]") {
  const values differences{0.3, -0.1, 0.4, 0.2, -0.5};
  CHECK(*compare(differences, {3, 100, 500}).p_value
        == *compare(differences, {3, 100, 500}).p_value);
  CHECK(compare(differences, {3, 100, 500}).difference.low
        == compare(differences, {3, 100, 500}).difference.low);
}

TEST_CASE("no difference is never significant", "[eval][comparisons]") {
  const auto compared = compare(values(50, 0.0));
  CHECK(*compared.p_value == 1);
  CHECK(compared.difference.low == 0);
  CHECK(compared.difference.high == 0);
}

TEST_CASE("a clear difference has the smallest p value that permutations can tell",
          "[eval][comparisons]") {
  CHECK(*compare(values(200, 0.1), {1, 100, 999}).p_value == 0.001);
}

TEST_CASE("without a difference one comparison of twenty is a false alarm",
          "[eval][comparisons]") {
  constexpr int trials = 400;
  int alarms = 0;
  for (int trial = 0; trial < trials; ++trial) {
    values differences(30);
    const auto seed = static_cast<std::uint64_t>(trial);
    for (std::uint32_t i = 0; i < differences.size(); ++i)
      differences[i] = core::normal({seed, core::stream::synthetic_data}, i);
    alarms += *compare(differences, {seed, 1, 199}).p_value <= 0.05;
  }
  CHECK(alarms >= 0.02 * trials);
  CHECK(alarms <= 0.085 * trials);
}

TEST_CASE("a single user or world tells nothing about chance", "[eval][comparisons]") {
  CHECK_FALSE(compare({0.5}).p_value);
  CHECK(compare({0.5}).difference.mean == 0.5);
  CHECK_FALSE(eval::compare_worlds(values{0.5}).p_value);
  CHECK(eval::compare_users({}, {}).empty());
}

TEST_CASE("worlds are compared by the paired t test", "[eval][comparisons]") {
  // t = 2 / (1 / sqrt 3) = 3.4641 with two degrees of freedom.
  const auto compared = eval::compare_worlds(values{1, 2, 3});
  CHECK(compared.difference.mean == 2);
  CHECK(*compared.p_value == Approx(1 - 3.4641016 / std::sqrt(2 + 12.0)));
  CHECK(*eval::compare_worlds(values{2, 2, 2}).p_value == 0);
  CHECK(*eval::compare_worlds(values{0, 0, 0}).p_value == 1);
}

TEST_CASE("Holm's correction is stepwise, monotone and at most 1",
          "[eval][comparisons]") {
  const auto corrected = eval::holm_corrected({0.01, 0.04, 0.03, 0.005});
  CHECK(*corrected[0] == Approx(0.03));
  CHECK(*corrected[1] == Approx(0.06));
  CHECK(*corrected[2] == Approx(0.06));
  CHECK(*corrected[3] == Approx(0.02));
  CHECK(*eval::holm_corrected({0.7, 0.9})[0] == 1);
  CHECK(*eval::holm_corrected({0.04})[0] == 0.04);
}

TEST_CASE("missing p values stay missing and do not count", "[eval][comparisons]") {
  const auto corrected = eval::holm_corrected({std::nullopt, 0.02, 0.03});
  CHECK_FALSE(corrected[0]);
  CHECK(*corrected[1] == Approx(0.04));
  CHECK(eval::holm_corrected({}).empty());
}

TEST_CASE("variance gain is the share that pairing takes away", "[eval][comparisons]") {
  // Moving together: the difference does not vary.
  CHECK(*eval::variance_gain(values{1, 2, 3}, values{4, 5, 6}) == 1);
  // Against each other: the difference varies twice as much as apart.
  CHECK(*eval::variance_gain(values{1, 2, 3}, values{3, 2, 1}) == -1);
  // Half of one's variance is shared: var a = 1, var b = 1/3, var (a - b) = 1/3.
  CHECK(*eval::variance_gain(values{1, 2, 3}, values{1, 1, 2})
        == Approx(1 - (1.0 / 3) / (4.0 / 3)));
  CHECK_FALSE(eval::variance_gain(values{1}, values{2}));
  CHECK_FALSE(eval::variance_gain(values{1, 1}, values{2, 2}));
}

TEST_CASE("non-inferiority holds by the margin, not by the point",
          "[eval][comparisons]") {
  values reference;
  values candidate;
  for (std::uint32_t user = 0; user < 300; ++user) {
    const core::draw_site site{5, core::stream::synthetic_data, user};
    reference.push_back(core::normal(site, 0));
    candidate.push_back(reference.back() - 0.01 + 0.1 * core::normal(site, 1));
  }
  // Slightly worse, with a standard error of 0.006.
  const auto wide = eval::test_non_inferiority(candidate, reference, 0.04, {});
  CHECK(wide.holds);
  CHECK(wide.lower_bound > wide.difference.low);
  CHECK(wide.lower_bound < wide.difference.mean);
  CHECK_FALSE(eval::test_non_inferiority(candidate, reference, 0.005, {}).holds);
  CHECK(eval::test_non_inferiority(reference, candidate, 0.005, {}).holds);
  CHECK_FALSE(eval::test_non_inferiority({}, {}, 0.1, {}).holds);
}
