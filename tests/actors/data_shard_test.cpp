#include "actors/data_shard.hpp"

#include "tests/support/still_training.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

actors::data_shard_state shard_of(core::user_id first, core::user_id end) {
  actors::data_shard_state shard;
  shard.options = {/*seed=*/5, {22, 8, 4}, first, end};
  shard.rows = toy_rows(22);
  return shard;
}

rows_of_run rows(actors::data_shard_state& shard, const get_rows& request) {
  return std::move(shard.find(request).value.get_mutable_as<rows_of_run>(0));
}

} // namespace

TEST_CASE("an epoch's batches hold every user once", "[actors][data_shard]") {
  auto shard = shard_of(0, 22);
  std::vector<core::user_id> seen;
  for (std::uint64_t batch = 0; batch < 3; ++batch) {
    const auto found = rows(shard, {1, batch, 0, 4});
    CHECK(found.users.values.size() == (batch == 2 ? 6 : 8));
    seen.insert(seen.end(), found.users.values.begin(), found.users.values.end());
  }
  CHECK(seen == actors::epoch_order(5, 1, 22));
  CHECK(seen != actors::epoch_order(5, 2, 22));
}

TEST_CASE("shards together hold what one shard holds", "[actors][data_shard]") {
  auto whole = shard_of(0, 22);
  auto front = shard_of(0, 9);
  auto back = shard_of(9, 22);
  for (std::uint64_t batch = 0; batch < 3; ++batch)
    for (std::uint32_t block = 0; block < 4; ++block) {
      const get_rows request{0, batch, block, 1};
      const auto all = rows(whole, request);
      const auto some = rows(front, request);
      const auto others = rows(back, request);
      CHECK(some.places.values.size() + others.places.values.size()
            == all.places.values.size());
      CHECK(some.items.values.size() + others.items.values.size()
            == all.items.values.size());
      for (const auto user : some.users.values)
        CHECK(user < 9);
    }
}

TEST_CASE("rows have the same places whether blocks are asked for alone or together",
          "[actors][data_shard]") {
  auto shard = shard_of(0, 22);
  const auto both = rows(shard, {0, 0, 2, 2});
  const auto first = rows(shard, {0, 0, 2, 1});
  const auto second = rows(shard, {0, 0, 3, 1});
  REQUIRE(first.users.values.size() == 2);
  CHECK(both.users.values[0] == first.users.values[0]);
  CHECK(both.users.values[2] == second.users.values[0]);
  CHECK(both.places.values == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(second.places.values == std::vector<std::uint32_t>{0, 1});
}

SCENARIO("a shard refuses blocks that do not exist", "[actors][data_shard]") {
  still_system system;
  const data_shard_actor shard = (*system).spawn(
    actors::data_shard, actors::data_shard_options{5, {22, 8, 4}, 0, 22}, toy_rows(22));
  for (const auto& request : {get_rows{0, 3, 0, 1}, get_rows{0, 0, 4, 1},
                              get_rows{0, 0, 3, 2}, get_rows{0, 0, 1, ~0U}})
    CHECK(std::holds_alternative<caf::error>(system.ask<rows_of_run>(shard, request)));
  system.stop(shard);
}
