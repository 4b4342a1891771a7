#include "models/kernels/magnitudes.hpp"

#include "core/random.hpp"
#include "tests/models/highway_targets.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace souk;
using namespace souk::models::kernels;

namespace {

constexpr auto infinity = std::numeric_limits<float>::infinity();
constexpr auto not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Normals; every third is rounded so that many magnitudes are equal, some of them
/// zero.
std::vector<float> drawn(std::size_t count) {
  std::vector<float> values(count);
  core::fill_normals({7, core::stream::synthetic_data, 1, 0}, values);
  for (std::size_t i = 0; i < count; i += 3)
    values[i] = std::round(values[i] * 2) / 2;
  return values;
}

/// Pieces of this length, as if each lay a gap of 10 beyond the one before.
std::vector<tensor_piece> cut(std::vector<float>& values, std::size_t length) {
  std::vector<tensor_piece> pieces;
  for (std::size_t begin = 0; begin < values.size(); begin += length)
    pieces.push_back(
      {begin + 10 * pieces.size(),
       {values.data() + begin, std::min(length, values.size() - begin)}});
  return pieces;
}

/// The places that sorting selects.
std::vector<std::size_t> sorted_out(const std::vector<float>& values,
                                    std::size_t count) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(values[a]) > std::abs(values[b]);
  });
  order.resize(std::min(count, order.size()));
  order.erase(std::remove_if(order.begin(), order.end(),
                             [&](std::size_t place) { return values[place] == 0; }),
              order.end());
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<std::size_t> selected(std::vector<float>& values,
                                  std::size_t length,
                                  std::size_t count,
                                  std::size_t threads = 1) {
  worker_pool pool{threads};
  magnitude_selection selection{pool};
  const auto pieces = cut(values, length);
  selection.select(pieces, 1); // what an earlier selection left does not matter
  std::vector<std::size_t> places;
  for (const auto& element : selection.select(pieces, count)) {
    places.push_back(static_cast<std::size_t>(element.place - values.data()));
    const auto piece = places.back() / length;
    CHECK(element.offset == places.back() + 10 * piece);
  }
  return places;
}

} // namespace

TEST_CASE("the largest magnitudes are those that sorting finds",
          "[models][magnitudes]") {
  models::testing::for_each_highway_target([](const std::string& target) {
    INFO(target);
    for (const std::size_t size : {1, 7, 100, 5'000, 70'000})
      for (const std::size_t length : {3, 64, 600, 16'384})
        for (const std::size_t count : {std::size_t{1}, size / 100, size / 3, size}) {
          if (size > 1'000 * length)
            continue;
          INFO(size << " in pieces of " << length << ", " << count << " wanted");
          auto values = drawn(size);
          const auto wanted = sorted_out(values, count);
          CHECK((selected(values, length, count) == wanted));
          CHECK((selected(values, length, count, 3) == wanted));
        }
  });
}

TEST_CASE("of equal magnitudes the lower offsets are selected",
          "[models][magnitudes]") {
  std::vector<float> values(100, -2.0F);
  values[60] = 3;
  values[99] = 2;
  CHECK(selected(values, 7, 4) == std::vector<std::size_t>{0, 1, 2, 60});
}

TEST_CASE("zeros are not selected", "[models][magnitudes]") {
  std::vector<float> values(100, 0.0F);
  values[3] = -0.0F;
  CHECK(selected(values, 16, 5).empty());
  values[70] = std::numeric_limits<float>::denorm_min();
  CHECK(selected(values, 16, 5) == std::vector<std::size_t>{70});
}

TEST_CASE("a sample that misses the large values does not matter",
          "[models][magnitudes]") {
  // Every second place is zero, so that an even stride would see nothing.
  std::vector<float> values(300'000, 0.0F);
  for (std::size_t i = 1; i < values.size(); i += 2)
    values[i] = static_cast<float>(i);
  // All large values lie between two places of the sample.
  std::fill_n(values.begin() + 20, 5, 1e6F);
  CHECK(selected(values, 16'384, 5) == std::vector<std::size_t>{20, 21, 22, 23, 24});
}

TEST_CASE("sums say whether they are finite", "[models][magnitudes]") {
  models::testing::for_each_highway_target([](const std::string& target) {
    INFO(target);
    for (const std::size_t size : {1, 16, 37})
      for (const auto wrong : {infinity, -infinity, not_a_number}) {
        std::vector<float> sum(size, 1.5F);
        std::vector<float> other(size, 0.25F);
        CHECK(add_finite(other, sum.data()));
        CHECK(sum == std::vector<float>(size, 1.75F));
        CHECK(all_below(infinity_in_bf16, sum));
        other.back() = wrong;
        CHECK_FALSE(all_below(infinity_in_bf16, other));
        CHECK_FALSE(add_finite(other, sum.data()));
      }
    std::vector<float> large(20, std::numeric_limits<float>::max());
    CHECK(all_below(infinity, large));
    CHECK_FALSE(all_below(infinity_in_bf16, large));
    CHECK_FALSE(add_finite(std::vector<float>(large), large.data()));
  });
}
