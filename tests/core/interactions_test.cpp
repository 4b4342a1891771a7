#include "core/interactions.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("interactions keep rows of items and their times", "[core][interactions]") {
  interactions all;
  all.num_items = 4;
  all.append_row(std::vector<item_id>{0, 3}, std::vector<time_ms>{5, 2});
  all.append_row({});
  all.append_row(std::vector<item_id>{3}, std::vector<time_ms>{9});

  CHECK(all.num_rows() == 3);
  CHECK(all.row(0).size() == 2);
  CHECK(all.row(1).empty());
  CHECK(all.times_of_row(2)[0] == 9);
  CHECK(count_by_item(all) == std::vector<std::uint32_t>{1, 0, 0, 2});

  const auto chosen = select_rows(all, std::vector<std::uint32_t>{2, 0});
  CHECK(chosen.num_items == 4);
  CHECK(chosen.row(0)[0] == 3);
  CHECK(chosen.times_of_row(1)[1] == 2);
}

TEST_CASE("rows of users are the same if their users and items are",
          "[core][interactions]") {
  user_rows some{{4, 7}, {}};
  some.rows.num_items = 9;
  some.rows.append_row(std::vector<item_id>{1, 2});
  some.rows.append_row(std::vector<item_id>{3});
  CHECK(same_rows(some, some));
  auto other = some;
  other.users[1] = 8;
  CHECK_FALSE(same_rows(some, other));
  other = some;
  other.rows.offsets[1] = 1; // 2 is the second user's
  CHECK_FALSE(same_rows(some, other));
  other = some;
  other.rows.items[2] = 4;
  CHECK_FALSE(same_rows(some, other));
}

TEST_CASE("interactions without times have none in any row", "[core][interactions]") {
  interactions all;
  all.num_items = 2;
  all.append_row(std::vector<item_id>{1});
  CHECK(all.times_of_row(0).empty());
}
