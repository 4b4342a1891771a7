#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace souk::core;

TEST_CASE("draws are Philox4x32-10 with its published answers", "[core][random]") {
  using words = std::array<std::uint32_t, 4>;

  SECTION("for a counter of zeros") {
    const auto drawn = random_words({0, static_cast<stream>(0), 0, 0}, 0);
    CHECK(drawn == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  }
  SECTION("for a counter and a key of ones") {
    const auto drawn = random_words({~std::uint64_t{0}, static_cast<stream>(0xFFFF),
                                     (std::uint64_t{1} << 48) - 1, 0xFFFFFFFF},
                                    0xFFFFFFFF);
    CHECK(drawn == words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  }
  SECTION("for the digits of pi, which shows where each field of a site goes") {
    const auto drawn = random_words(
      {0x299f31d0a4093822, static_cast<stream>(0x0370), 0x734413198a2e, 0x85a308d3},
      0x243f6a88);
    CHECK(drawn == words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  }
}

TEST_CASE("uniform, normal and bounded draws have known answers", "[core][random]") {
  const draw_site site{0, static_cast<stream>(0), 0, 0};

  SECTION("a uniform is 53 bits of two words") {
    CHECK(uniform(site, 0)
          == static_cast<double>(0x6627e8d5e169c58dULL >> 11) / 9007199254740992.0);
    CHECK(uniform(site, 1)
          == static_cast<double>(0xbc57ac4c9b00dbd8ULL >> 11) / 9007199254740992.0);
  }
  SECTION("a normal is Box and Muller's transform of two words") {
    const auto radius = std::sqrt(-2 * std::log((0x6627e8d5U + 1.0) / 4294967296.0));
    const auto angle = 2 * 3.14159265358979323846 * 0xe169c58dU / 4294967296.0;
    CHECK(normal(site, 0) == Approx(radius * std::cos(angle)).epsilon(1e-14));
    CHECK(normal(site, 1) == Approx(radius * std::sin(angle)).epsilon(1e-14));
    // To the bit, on every processor.
    CHECK(normal(site, 0) == 0x1.fb7665db1b649p-1);
    CHECK(normal(site, 1) == -0x1.d96d5ff0aec98p-1);
    CHECK(normal(site, 2) == -0x1.3c373dd6d9558p-1);
    CHECK(normal(site, 3) == -0x1.eda3633cd971p-2);
  }
  SECTION("a bounded integer is the high half of a product") {
    CHECK(below(site, 0, 1000) == 399); // .39904 of 1000
    CHECK(below(site, 1, 10) == 7);     // .73571 of 10
    CHECK(below(site, 0, 1) == 0);
  }
}

TEST_CASE("filling draws the same numbers as drawing one by one", "[core][random]") {
  const draw_site site{42, stream::reparameterise, 7, 11};
  std::vector<float> normals(11);
  std::vector<float> uniforms(11);
  fill_normals(site, normals);
  fill_uniforms(site, uniforms);
  for (std::uint32_t i = 0; i < normals.size(); ++i) {
    CHECK(normals[i] == static_cast<float>(normal(site, i)));
    CHECK(uniforms[i] == Approx(uniform(site, i)).margin(1e-7));
    CHECK(uniforms[i] < 1.0F);
  }
}

TEST_CASE("normals have mean 0, variance 1 and light tails", "[core][random]") {
  std::vector<float> draws(100000);
  fill_normals({1, stream::taste, 0, 0}, draws);
  const auto mean = std::accumulate(draws.begin(), draws.end(), 0.0) / 100000;
  const auto square =
    std::inner_product(draws.begin(), draws.end(), draws.begin(), 0.0) / 100000;
  const auto beyond_two =
    std::count_if(draws.begin(), draws.end(), [](float x) { return std::abs(x) > 2; });
  CHECK(mean == Approx(0).margin(0.01));
  CHECK(square == Approx(1).margin(0.015));
  CHECK(static_cast<double>(beyond_two) == Approx(4550).margin(200));
}

TEST_CASE("every field of a site changes its draws", "[core][random]") {
  const draw_site site{1, stream::shuffle, 2, 3};
  const auto drawn = random_words(site, 4);
  CHECK(random_words({2, stream::shuffle, 2, 3}, 4) != drawn);
  CHECK(random_words({1, stream::dropout, 2, 3}, 4) != drawn);
  CHECK(random_words({1, stream::shuffle, 3, 3}, 4) != drawn);
  CHECK(random_words({1, stream::shuffle, 2, 4}, 4) != drawn);
  CHECK(random_words(site, 5) != drawn);
}

TEST_CASE("a permutation holds every number once and depends on its site",
          "[core][random]") {
  auto order = permutation({5, stream::shuffle, 0, 1}, 100);
  CHECK(order != permutation({5, stream::shuffle, 0, 2}, 100));
  CHECK(order == permutation({5, stream::shuffle, 0, 1}, 100));
  std::sort(order.begin(), order.end());
  for (std::uint32_t i = 0; i < order.size(); ++i)
    CHECK(order[i] == i);
  CHECK(permutation({5, stream::shuffle, 0, 1}, 0).empty());
}
