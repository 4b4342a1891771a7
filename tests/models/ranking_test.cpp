#include "core/error.hpp"
#include "tests/models/toy_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <thread>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

const std::vector<std::string> kinds{"mult_vae",          "mult_dae", "ease",
                                     "item_knn",          "pure_svd", "popularity",
                                     "segment_popularity"};

} // namespace

TEST_CASE_METHOD(toy_world,
                 "a slate does not depend on who is ranked beside it, nor on threads",
                 "[models][ranking]") {
  for (const auto& kind : kinds) {
    INFO(kind);
    const auto alone = make_recommender(model(kind), 1);
    CHECK(alone->name() == kind);
    CHECK(alone->num_items() == num_items);
    const auto all = rank(*alone, everybody());
    for (const std::size_t threads : {1, 2, 3, 8}) {
      const auto shared = make_recommender(model(kind), threads);
      const auto again = rank(*shared, everybody());
      CHECK(again.items == all.items);
      CHECK(again.scores == all.scores);
      for (const std::uint32_t user : {0U, 4U, 149U}) {
        const auto one = rank(*shared, {user});
        CHECK(std::equal(one.items.begin(), one.items.end(), all.row(user).begin()));
        const auto few = rank(*shared, {3,  2,  user, 1,  77, 8,  9,  10, 11, 12,
                                        13, 14, 15,   16, 17, 18, 19, 20, 21, 22});
        for (std::size_t place = 0; place < 20; ++place) {
          CHECK(few.items[2 * 20 + place] == all.items[user * 20 + place]);
          CHECK(few.scores[2 * 20 + place] == all.scores[user * 20 + place]);
        }
      }
    }
  }
}

TEST_CASE_METHOD(toy_world,
                 "excluded items never appear and slates end where items end",
                 "[models][ranking]") {
  for (const auto& kind : kinds) {
    INFO(kind);
    const auto recommender = make_recommender(model(kind), 2);
    const auto slates = rank(*recommender, everybody(), num_items + 5);
    for (std::uint32_t user = 0; user < num_users; ++user) {
      const auto own = rows.row(user);
      std::set<core::item_id> seen(own.begin(), own.end());
      const auto slate = slates.row(user);
      const auto candidates = num_items - own.size();
      for (std::size_t place = 0; place < candidates; ++place)
        REQUIRE(seen.insert(slate[place]).second);
      for (auto place = candidates; place < slate.size(); ++place) {
        REQUIRE(slate[place] == core::no_item);
        REQUIRE(slates.scores[user * slates.slate_size + place]
                == -std::numeric_limits<float>::infinity());
      }
      for (std::size_t place = 1; place < candidates; ++place) {
        const auto* scores = slates.scores.data() + user * slates.slate_size;
        const auto falls = scores[place - 1] > scores[place];
        const auto ties = scores[place - 1] == scores[place];
        REQUIRE((falls || (ties && slate[place - 1] < slate[place])));
      }
    }
  }
}

TEST_CASE_METHOD(toy_world,
                 "the scores of all items are those that slates are ranked by",
                 "[models][ranking]") {
  for (const auto& kind : kinds) {
    INFO(kind);
    const auto recommender = make_recommender(model(kind), 2);
    core::rank_request request;
    request.history = request.excluded = &rows;
    request.attributes = &users;
    request.slate_size = 20;
    const auto slates = recommender->rank(request);
    std::vector<float> scores(num_users * num_items);
    recommender->score(request, scores);
    for (std::uint32_t user = 0; user < num_users; ++user) {
      for (std::size_t place = 0; place < 20; ++place)
        REQUIRE(scores[user * num_items + slates.row(user)[place]]
                == slates.scores[user * 20 + place]);
      for (const auto item : rows.row(user))
        REQUIRE(scores[user * num_items + item]
                == -std::numeric_limits<float>::infinity());
    }
  }
}

TEST_CASE_METHOD(toy_world,
                 "a slate is chosen from its row's assortment",
                 "[models][ranking]") {
  // As many as are ranked in batches, or tile by tile.
  const auto asked = GENERATE(as<std::size_t>{}, num_users, 40);
  auto who = everybody();
  who.resize(asked);
  const auto history = select_rows(rows, who);
  const auto attributes = select_rows(users, who);
  // Rows share lists, one of which ends and one of which begins in the middle of a
  // tile.
  std::vector<core::item_id> early(700);
  std::iota(early.begin(), early.end(), 0U);
  std::vector<core::item_id> late(300);
  std::iota(late.begin(), late.end(), 1'200U);
  const std::vector<core::item_id> few{3, 699, 700, 1'199, 1'200, 1'499};
  const std::vector<core::item_id> none;
  std::vector<core::assortment> assortments(asked);
  for (std::uint32_t user = 0; user < asked; ++user) {
    assortments[user].without = user % 2 == 0 ? late : early;
    if (user % 3 == 1)
      assortments[user].only = few;
    if (user % 7 == 2)
      assortments[user].only = none;
  }
  core::rank_request request;
  request.history = request.excluded = &history;
  request.attributes = &attributes;
  request.slate_size = 20;
  for (const auto& kind : kinds)
    for (const std::size_t threads : {1, 2}) {
      INFO(kind << " with " << threads << " threads for " << asked << " users");
      const auto recommender = make_recommender(model(kind), threads);
      request.assortments = nullptr;
      std::vector<float> expected(asked * num_items);
      recommender->score(request, expected);
      for (std::uint32_t user = 0; user < asked; ++user) {
        auto* scores = expected.data() + user * num_items;
        const auto& assortment = assortments[user];
        for (core::item_id item = 0; item < num_items; ++item)
          if ((assortment.only
               && !std::binary_search(assortment.only->begin(), assortment.only->end(),
                                      item))
              || std::binary_search(assortment.without.begin(),
                                    assortment.without.end(), item))
            scores[item] = -std::numeric_limits<float>::infinity();
      }
      request.assortments = &assortments;
      std::vector<float> scores(asked * num_items);
      recommender->score(request, scores);
      REQUIRE(scores == expected);
      const auto slates = recommender->rank(request);
      for (std::uint32_t user = 0; user < asked; ++user) {
        const auto* begin = expected.data() + user * num_items;
        std::vector<core::item_id> best(num_items);
        std::iota(best.begin(), best.end(), 0U);
        std::stable_sort(best.begin(), best.end(),
                         [&](auto a, auto b) { return begin[a] > begin[b]; });
        for (std::size_t place = 0; place < 20; ++place)
          REQUIRE(slates.row(user)[place]
                  == (std::isfinite(begin[best[place]]) ? best[place] : core::no_item));
      }
    }
}

TEST_CASE_METHOD(toy_world,
                 "a user who has every item gets an empty slate",
                 "[models][ranking]") {
  core::interactions all;
  all.num_items = num_items;
  std::vector<core::item_id> items(num_items);
  std::iota(items.begin(), items.end(), 0U);
  all.append_row(items);
  const auto attributes = select_rows(users, std::vector<std::uint32_t>{0});
  core::rank_request request;
  request.history = request.excluded = &all;
  request.attributes = &attributes;
  request.slate_size = 5;
  for (const auto& kind : kinds) {
    INFO(kind);
    const auto slates = make_recommender(model(kind), 2)->rank(request);
    CHECK(slates.items == std::vector<core::item_id>(5, core::no_item));
  }
}

TEST_CASE_METHOD(toy_world,
                 "users without a history get popularity from fitted models",
                 "[models][ranking]") {
  const std::uint32_t newcomer = 4; // has no items
  REQUIRE(rows.row(newcomer).empty());
  const auto popular = rank(*make_recommender(model("popularity"), 1), {newcomer});
  for (const auto* kind : {"ease", "item_knn", "pure_svd"}) {
    const auto slates = rank(*make_recommender(model(kind), 1), {newcomer});
    CHECK(slates.items == popular.items);
  }
}

TEST_CASE_METHOD(toy_world,
                 "requests may come from several threads",
                 "[models][ranking]") {
  const auto recommender = make_recommender(model("mult_vae"), 2);
  const auto expected = rank(*recommender, everybody());
  std::vector<core::slates> found(4);
  std::vector<std::thread> threads;
  for (auto& slates : found)
    threads.emplace_back([&] { slates = rank(*recommender, everybody()); });
  for (auto& thread : threads)
    thread.join();
  for (const auto& slates : found)
    CHECK(slates.items == expected.items);
}

TEST_CASE_METHOD(toy_world, "no users get no slates", "[models][ranking]") {
  CHECK(rank(*make_recommender(model("mult_vae"), 2), {}).num_rows() == 0);
}

TEST_CASE_METHOD(toy_world,
                 "a request with another number of items is an error",
                 "[models][ranking]") {
  const auto recommender = make_recommender(model("popularity"), 1);
  const auto others = random_rows(3, num_items + 1, 5);
  core::rank_request request;
  request.history = &others;
  CHECK_THROWS_WITH(recommender->rank(request),
                    Catch::Contains("1501 items and the model 1500"));
}

TEST_CASE_METHOD(toy_world,
                 "fitted models do not depend on chance",
                 "[models][ranking]") {
  for (const auto* kind : {"ease", "item_knn", "pure_svd", "segment_popularity"})
    CHECK(digest_of(model(kind)) == digest_of(model(kind)));
}

TEST_CASE_METHOD(toy_world,
                 "snapshots that are not whole are refused",
                 "[models][ranking]") {
  const auto refused = [](core::snapshot broken, const std::string& word) {
    try {
      make_recommender(std::move(broken), 1);
    } catch (const core::error& e) {
      INFO(e.what());
      CHECK(e.whom() == core::blame::environment);
      CHECK_THAT(e.what(), Catch::Contains(word));
      return true;
    }
    return false;
  };
  for (const auto& kind : kinds) {
    const auto whole = model(kind);
    for (const auto& [name, tensor] : whole.tensors) {
      INFO(kind << " without " << name);
      auto broken = whole;
      broken.tensors.erase(name);
      CHECK(refused(broken, name));
      broken = whole;
      broken.tensors[name].shape.back() += 1;
      CHECK(refused(broken, name));
      broken = whole;
      if (tensor.floats.empty())
        broken.tensors[name].integers.pop_back();
      else
        broken.tensors[name].floats.back() = std::numeric_limits<float>::quiet_NaN();
      CHECK(refused(broken, name));
    }
    auto broken = whole;
    broken.options["num_items"] = "many";
    CHECK(refused(broken, "num_items"));
    broken.options.erase("num_items");
    CHECK(refused(broken, "num_items"));
  }
  auto broken = model("mult_vae");
  broken.options["latent"] = "0";
  CHECK(refused(broken, "no units"));
  CHECK(refused({"crystal_ball", {}, {}}, "crystal_ball"));
}
