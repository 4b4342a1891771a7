#include "sim/item_lists.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace souk;
using namespace souk::sim;

TEST_CASE("every user has an ascending list of different items", "[sim][item_lists]") {
  for (const auto num_items : {200U, 100000U}) { // two bytes an item, and four
    constexpr std::size_t num_users = 20;
    item_lists lists{num_users, num_items};
    std::vector<std::set<core::item_id>> expected(num_users);
    const core::draw_site draws{3, core::stream::synthetic_data, num_items, 0};
    for (std::uint32_t i = 0; i < 3000; ++i) {
      const auto user = core::below(draws, 2 * i, num_users);
      const auto item =
        num_items - 1 - static_cast<core::item_id>(core::below(draws, 2 * i + 1, 190));
      lists.insert(user, item);
      expected[user].insert(item);
    }
    for (std::size_t user = 0; user < num_users; ++user) {
      std::vector<core::item_id> list;
      lists.append_to(list, user);
      CHECK(
        list
        == std::vector<core::item_id>(expected[user].begin(), expected[user].end()));
      CHECK(lists.size(user) == list.size());
      CHECK(lists.item(user, 1) == list[1]);
    }
  }
}

TEST_CASE("places that lists have outgrown are used again", "[sim][item_lists]") {
  item_lists lists{1000, 1000};
  for (std::size_t user = 0; user < 1000; ++user)
    for (core::item_id item = 0; item < 16; ++item)
      lists.insert(user, item);
  // 16 items of two bytes and 8 bytes a user, and what vectors keep in reserve.
  CHECK(lists.memory_bytes() < std::size_t{1000} * 2 * (8 + 32));
  CHECK(item_lists{1000, 1000}.memory_bytes() == 8000);
}
