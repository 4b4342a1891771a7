#include "core/span.hpp"

#include <catch2/catch.hpp>

using souk::core::span;

TEST_CASE("a span views what it was given", "[core][span]") {
  std::vector<int> values{1, 2, 3, 4};
  const span<int> all{values};
  all[0] = 9;
  CHECK(values[0] == 9);
  const span<const int> read_only{all};
  const auto middle = read_only.subspan(1, 2);
  CHECK(middle.size() == 2);
  CHECK(std::vector<int>(middle.begin(), middle.end()) == std::vector<int>{2, 3});
  CHECK(span<int>{}.empty());
}
