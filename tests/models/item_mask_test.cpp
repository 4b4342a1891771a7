#include "models/item_mask.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace souk;
using namespace souk::models;

namespace {

/// Two rows that a request hides items of.
struct asked {
  core::interactions history;
  core::interactions excluded;
  std::vector<core::assortment> assortments{2};
  core::rank_request request;

  asked() {
    history.num_items = excluded.num_items = 12;
    for (std::size_t row = 0; row < 2; ++row)
      history.append_row({});
    excluded.append_row(std::vector<core::item_id>{0, 7});
    excluded.append_row({});
    request.history = &history;
    request.excluded = &excluded;
    request.assortments = &assortments;
  }

  /// What is left in tiles of `width` items, from `first` on: by row, item numbers.
  std::vector<std::vector<core::item_id>> shown(core::item_id first,
                                                core::item_id width) const {
    const request_rows rows{request, 0, 2};
    item_mask mask{rows, first};
    std::vector<std::vector<core::item_id>> left(2);
    for (; first < 12; first += width) {
      std::vector<float> scores(2 * width, 1.0F);
      mask.hide(first, {scores.data(), 2, width});
      for (std::size_t row = 0; row < 2; ++row)
        for (core::item_id i = 0; i < width; ++i)
          if (std::isfinite(scores[row * width + i]))
            left[row].push_back(first + i);
    }
    return left;
  }
};

} // namespace

TEST_CASE("a mask leaves what all lists of a row allow, in tiles of any size",
          "[models][item_mask]") {
  asked all;
  const std::vector<core::item_id> only{0, 3, 4, 8, 11};
  const std::vector<core::item_id> later{3, 9};
  all.assortments[0] = {core::span<const core::item_id>{only}, later};
  all.assortments[1].without = later;
  for (const core::item_id width : {1U, 3U, 4U, 12U}) {
    const auto left = all.shown(0, width);
    CHECK(left[0] == std::vector<core::item_id>{4, 8, 11});
    CHECK(left[1] == std::vector<core::item_id>{0, 1, 2, 4, 5, 6, 7, 8, 10, 11});
  }
  CHECK(all.shown(8, 4)[0] == std::vector<core::item_id>{8, 11});
}

TEST_CASE("an empty list of the only items leaves none", "[models][item_mask]") {
  asked nothing;
  nothing.assortments[0].only.emplace();
  const auto left = nothing.shown(0, 4);
  CHECK(left[0].empty());
  CHECK(left[1].size() == 12);
}
