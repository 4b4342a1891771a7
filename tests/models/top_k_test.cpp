#include "models/kernels/top_k.hpp"

#include "tests/models/highway_targets.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace souk;
using namespace souk::models::kernels;
using namespace souk::models::testing;

namespace {

struct slate {
  std::vector<core::item_id> items;
  std::vector<float> scores;

  bool operator==(const slate& other) const {
    return items == other.items && scores == other.scores;
  }
};

slate slate_of(top_k& best, std::size_t size) {
  slate s{std::vector<core::item_id>(size), std::vector<float>(size)};
  best.write(s.items, s.scores);
  return s;
}

slate sorted_slate(const std::vector<float>& scores, std::size_t size) {
  std::vector<candidate> all;
  for (std::size_t i = 0; i < scores.size(); ++i)
    all.push_back({scores[i], static_cast<core::item_id>(i)});
  std::sort(all.begin(), all.end(), ranks_before);
  slate s;
  for (std::size_t i = 0; i < size; ++i) {
    s.items.push_back(all[i].item);
    s.scores.push_back(all[i].score);
  }
  return s;
}

/// Few distinct scores, so that most are tied.
std::vector<float> tied_scores(std::size_t size) {
  auto scores = normals(size, 9);
  for (auto& score : scores)
    score = static_cast<float>(static_cast<int>(score * 2));
  return scores;
}

} // namespace

TEST_CASE("the best are those that sorting finds, however the items are cut",
          "[models][top_k]") {
  for (const auto& scores : {normals(1000, 8), tied_scores(1000)})
    for (const std::size_t size : {1, 10, 100, 1000}) {
      const auto expected = sorted_slate(scores, size);
      for_each_highway_target([&](const std::string& target) {
        INFO(target << ", " << size << " of 1000");
        for (const std::size_t width : {1000, 333, 17}) {
          top_k best{size};
          top_k merged{size};
          for (std::size_t i = 0; i < scores.size(); i += width) {
            const auto count = std::min(width, scores.size() - i);
            best.offer(static_cast<core::item_id>(i), {scores.data() + i, count});
            top_k part{size};
            part.offer(static_cast<core::item_id>(i), {scores.data() + i, count});
            merged.offer(part);
          }
          CHECK(slate_of(best, size) == expected);
          CHECK(slate_of(merged, size) == expected);
        }
      });
    }
}

TEST_CASE("places without a candidate stay empty", "[models][top_k]") {
  const auto infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> scores{-infinity, 2,
                                  std::numeric_limits<float>::quiet_NaN()};
  top_k best{3};
  best.offer(5, scores);
  const auto s = slate_of(best, 3);
  CHECK(s.items == std::vector<core::item_id>{6, core::no_item, core::no_item});
  CHECK(s.scores == std::vector<float>{2, -infinity, -infinity});
}

TEST_CASE("a score that is not a number hides none of its neighbours",
          "[models][top_k]") {
  auto scores = normals(512, 10);
  for (std::size_t i = 0; i < scores.size(); i += 3)
    scores[i] = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> numbers = scores;
  for (auto& score : numbers)
    if (std::isnan(score))
      score = -std::numeric_limits<float>::infinity();
  const auto expected = sorted_slate(numbers, 5);
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    top_k best{5};
    best.offer(0, scores);
    CHECK(slate_of(best, 5) == expected);
  });
}

TEST_CASE("scores that tie with a slate's last place are told apart by their items",
          "[models][top_k]") {
  // As many groups of lanes as there may be have one of these.
  std::vector<float> scores(512, -1.0F);
  for (std::size_t i = 256; i < 320; ++i)
    scores[i] = 2.0F;
  scores[40] = 2.0F;
  for_each_highway_target([&](const std::string& target) {
    INFO(target);
    top_k best{4};
    best.offer(0, scores);
    CHECK(slate_of(best, 4).items == std::vector<core::item_id>{40, 256, 257, 258});
  });
}
