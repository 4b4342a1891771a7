#include "models/kernels/dropout.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>
#include <vector>

using namespace souk;
using namespace souk::models::kernels;

namespace {

constexpr core::draw_site site{5, core::stream::dropout, 42, 7};

} // namespace

TEST_CASE("an item stays where its named draw says so", "[models][dropout]") {
  std::vector<core::item_id> items(100);
  std::iota(items.begin(), items.end(), 1000U);
  for (const auto rate : {0.0, 0.25, 0.5, 0.9}) {
    std::vector<core::item_id> kept(items.size());
    std::vector<float> values(items.size());
    const auto count = drop_items(site, rate, items, {kept.data(), values.data()});
    std::vector<core::item_id> expected;
    for (std::uint32_t i = 0; i < items.size(); ++i)
      if (core::uniform(site, i) >= rate)
        expected.push_back(items[i]);
    kept.resize(count);
    CHECK(kept == expected);
    for (std::size_t i = 0; i < count; ++i)
      CHECK(values[i] == static_cast<float>(0.1 / (1 - rate)));
  }
}

TEST_CASE("rows have unit length in evaluation", "[models][dropout]") {
  const std::vector<core::item_id> items{3, 5, 9};
  std::vector<core::item_id> seen(3);
  std::vector<float> values(3);
  normalise_items(items, {seen.data(), values.data()});
  CHECK(seen == items);
  for (const auto value : values)
    CHECK(value == static_cast<float>(1 / std::sqrt(3.0)));
  normalise_items({}, {nullptr, nullptr});
  CHECK(drop_items(site, 0.5, {}, {nullptr, nullptr}) == 0);
}
