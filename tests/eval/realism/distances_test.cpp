#include "eval/realism/distances.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::eval::realism;

namespace {

using values = std::vector<double>;

values normals(std::uint64_t seed, std::size_t count, double shift) {
  values drawn(count);
  for (std::uint32_t i = 0; i < count; ++i)
    drawn[i] = shift + core::normal({seed, core::stream::synthetic_data}, i);
  return drawn;
}

user_values by_user(const std::vector<values>& users) {
  user_values made;
  for (const auto& of_user : users) {
    made.values.insert(made.values.end(), of_user.begin(), of_user.end());
    made.end_user();
  }
  return made;
}

} // namespace

TEST_CASE("Kolmogorov-Smirnov is the largest gap of the distribution functions",
          "[eval][realism]") {
  // After 2: 2/4 against 0; after 3: 3/4 against 1/2.
  CHECK(kolmogorov_smirnov(values{1, 2, 3, 4}, values{3, 5}) == Approx(0.5));
  CHECK(kolmogorov_smirnov(values{1, 2}, values{3, 4}) == 1);
  CHECK(kolmogorov_smirnov(values{1, 2, 2}, values{2, 1, 2}) == 0);
  // Ties count at once: after 1, 2/3 against 1/3.
  CHECK(kolmogorov_smirnov(values{1, 1, 2}, values{1, 2, 2}) == Approx(1.0 / 3));
  CHECK(kolmogorov_smirnov(values{}, values{1}) == 0);
}

TEST_CASE("Wasserstein is the area between the distribution functions",
          "[eval][realism]") {
  CHECK(wasserstein(values{0, 1}, values{5, 6}) == Approx(5));
  CHECK(wasserstein(values{0, 0, 3}, values{0, 3, 3}) == Approx(1));
  CHECK(wasserstein(values{2, 7}, values{7, 2}) == 0);
}

TEST_CASE("a user who counts twice is a user with a twin", "[eval][realism]") {
  const auto ours = by_user({{1, 2}, {}, {5}});
  const auto twins = by_user({{1, 2}, {1, 2}, {}, {5}});
  const auto theirs = by_user({{2}, {4, 4}});
  const sample_pair weighted{ours, theirs};
  const sample_pair repeated{twins, theirs};
  CHECK(weighted.kolmogorov_smirnov({2, 1, 1}, {1, 1})
        == repeated.kolmogorov_smirnov({1, 1, 1, 1}, {1, 1}));
  CHECK(weighted.wasserstein({2, 1, 1}, {1, 1})
        == Approx(repeated.wasserstein({1, 1, 1, 1}, {1, 1})));
  // Without the second user of theirs: {2} against {1, 2, 5}.
  CHECK(weighted.kolmogorov_smirnov({1, 1, 1}, {1, 0}) == Approx(1.0 / 3));
}

TEST_CASE("two samples of one law are as close as Kolmogorov says", "[eval][realism]") {
  // P(distance > 1.36 sqrt(2 / n)) = 0.05: in 200 trials 10 +- 3.1.
  constexpr std::size_t n = 500;
  int above = 0;
  for (std::uint64_t trial = 0; trial < 200; ++trial)
    above += kolmogorov_smirnov(normals(2 * trial, n, 0), normals(2 * trial + 1, n, 0))
                 > 1.358 * std::sqrt(2.0 / n)
               ? 1
               : 0;
  CHECK(above >= 1);
  CHECK(above <= 20);
}

TEST_CASE("a shifted law is as far as the normal distribution says",
          "[eval][realism]") {
  // 2 Phi(1/4) - 1 = 0.1974.
  const auto a = normals(1, 40000, 0);
  const auto b = normals(2, 40000, 0.5);
  CHECK(kolmogorov_smirnov(a, b) == Approx(0.1974).margin(0.015));
  CHECK(wasserstein(a, b) == Approx(0.5).margin(0.03));
}
