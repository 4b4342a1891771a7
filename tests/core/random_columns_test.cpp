#include "core/random_columns.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace souk::core;

namespace {

/// Columns of words for some entities, and the site that they were drawn at.
struct drawn_columns {
  std::vector<std::uint32_t> entities;
  std::vector<std::uint32_t> words[4];

  drawn_columns(const draw_site& site, std::uint32_t index, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      entities.push_back(static_cast<std::uint32_t>(i * 2654435761U));
    for (auto& column : words)
      column.resize(count);
    fill_words(site, index, entities.data(), count, columns());
  }

  word_columns columns() {
    return {{words[0].data(), words[1].data(), words[2].data(), words[3].data()}};
  }
};

} // namespace

// Odd counts, so that loops end within a vector.
TEST_CASE("draws in columns have the bits of draws one by one",
          "[core][random_columns]") {
  const auto count = GENERATE(1U, 7U, 33U, 1000U);
  draw_site site{0x123456789ABCDEF0U, stream::live, 0, 77};
  constexpr std::uint32_t index = 3;
  drawn_columns drawn{site, index, count};
  std::vector<double> normals[4];
  for (auto& column : normals)
    column.resize(count);
  fill_normals(
    drawn.columns(), count,
    {normals[0].data(), normals[1].data(), normals[2].data(), normals[3].data()});
  for (std::size_t i = 0; i < count; ++i) {
    site.entity = drawn.entities[i];
    const auto words = random_words(site, index);
    for (std::uint32_t k = 0; k < 4; ++k) {
      REQUIRE(drawn.words[k][i] == words[k]);
      REQUIRE(normals[k][i] == normal(site, 4 * index + k));
    }
    REQUIRE(uniform_of(words[0], words[1]) == uniform(site, 2 * index));
    REQUIRE(below(words[2], words[3], 12345) == below(site, 2 * index + 1, 12345));
  }
}

TEST_CASE("normals of the outermost words are those of their sites",
          "[core][random_columns]") {
  // Where logarithm and angle change their branches.
  const std::vector<std::uint32_t> edges{0,          1,          0x1FFFFFFF, 0x20000000,
                                         0x7FFFFFFF, 0x80000000, 0xB504F333, 0xB504F334,
                                         0xE0000000, 0xFFFFFFFE, 0xFFFFFFFF};
  std::vector<std::uint32_t> radius, angle;
  for (const auto a : edges)
    for (const auto b : edges) {
      radius.push_back(a);
      angle.push_back(b);
    }
  std::vector<double> cosines(radius.size()), sines(radius.size());
  std::vector<double> more(radius.size()), rest(radius.size());
  fill_normals({{radius.data(), angle.data(), angle.data(), radius.data()}},
               radius.size(), {cosines.data(), sines.data(), more.data(), rest.data()});
  for (std::size_t i = 0; i < radius.size(); ++i) {
    const auto squares = cosines[i] * cosines[i] + sines[i] * sines[i];
    CHECK(squares >= 0);
    // At most sqrt(2 * 32 * ln 2).
    CHECK(squares < 44.4);
    // The same words, with the roles of both exchanged.
    for (std::size_t j = 0; j < radius.size(); ++j)
      if (radius[j] == angle[i] && angle[j] == radius[i]) {
        CHECK(more[j] == cosines[i]);
        CHECK(rest[j] == sines[i]);
      }
  }
}
