#include "core/error.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"
#include "tests/models/toy_attributes.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <set>
#include <thread>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

constexpr std::uint32_t num_items = 1500;
constexpr std::size_t num_users = 150;

core::attribute_table attributes_of_users() {
  std::vector<std::string> words;
  for (std::size_t user = 0; user < num_users; ++user)
    words.push_back(user % 3 == 0 ? "f" : "m");
  return {num_users, {category("gender", words)}};
}

struct world {
  core::interactions rows = random_rows(num_users, num_items, 40);
  core::attribute_table users = attributes_of_users();

  core::snapshot model(const std::string& kind) const {
    model_options options;
    options.kind = kind;
    options.hidden = {60};
    options.latent = 20;
    options.l2 = 5;
    core::silent_progress progress;
    if (!has_learner(options))
      return fit(options, {&rows, &users}, progress);
    const auto learner = make_network(options, num_items);
    core::parameter_arena parameters(learner->layout().size());
    learner->initialise(1, parameters);
    return learner->to_snapshot(parameters);
  }

  core::slates rank(const core::recommender& recommender,
                    const std::vector<std::uint32_t>& who,
                    std::size_t slate_size = 20) const {
    const auto history = select_rows(rows, who);
    const auto attributes = select_rows(users, who);
    core::rank_request request;
    request.history = &history;
    request.excluded = &history;
    request.attributes = &attributes;
    request.slate_size = slate_size;
    return recommender.rank(request);
  }
};

std::vector<std::uint32_t> everybody() {
  std::vector<std::uint32_t> users(num_users);
  for (std::uint32_t user = 0; user < num_users; ++user)
    users[user] = user;
  return users;
}

const std::vector<std::string> kinds{"mult_vae", "mult_dae",   "ease",
                                     "item_knn", "popularity", "segment_popularity"};

} // namespace

TEST_CASE_METHOD(world,
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

TEST_CASE_METHOD(world,
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

TEST_CASE_METHOD(world,
                 "users without a history get popularity from ease and item_knn",
                 "[models][ranking]") {
  const std::uint32_t newcomer = 4; // has no items
  REQUIRE(rows.row(newcomer).empty());
  const auto popular = rank(*make_recommender(model("popularity"), 1), {newcomer});
  for (const auto* kind : {"ease", "item_knn"}) {
    const auto slates = rank(*make_recommender(model(kind), 1), {newcomer});
    CHECK(slates.items == popular.items);
  }
}

TEST_CASE_METHOD(world, "requests may come from several threads", "[models][ranking]") {
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

TEST_CASE_METHOD(world, "no users get no slates", "[models][ranking]") {
  CHECK(rank(*make_recommender(model("mult_vae"), 2), {}).num_rows() == 0);
}

TEST_CASE_METHOD(world,
                 "a request with another number of items is an error",
                 "[models][ranking]") {
  const auto recommender = make_recommender(model("popularity"), 1);
  const auto others = random_rows(3, num_items + 1, 5);
  core::rank_request request;
  request.history = &others;
  CHECK_THROWS_WITH(recommender->rank(request),
                    Catch::Contains("1501 items and the model 1500"));
}

TEST_CASE_METHOD(world, "fitted models do not depend on chance", "[models][ranking]") {
  for (const auto* kind : {"ease", "item_knn", "segment_popularity"})
    CHECK(digest_of(model(kind)) == digest_of(model(kind)));
}

TEST_CASE_METHOD(world,
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
