#include "eval/evaluate.hpp"

#include "core/error.hpp"
#include "tests/eval/toy_recommenders.hpp"

#include <catch2/catch.hpp>

using namespace souk;

namespace {

core::silent_progress silent;

eval::evaluation evaluate(const core::recommender& recommender,
                          const core::held_out_set& held_out,
                          const std::vector<std::string>& metrics,
                          const core::attribute_table* attributes = nullptr) {
  return eval::evaluate(recommender, held_out, attributes, eval::parse_metrics(metrics),
                        silent);
}

/// Six items, of which item 0 is liked best.
const auto popularity = eval::always("popularity", {6, 5, 4, 3, 2, 1});

class counted_progress : public core::progress {
public:
  void advance(const std::string&,
               std::uint64_t done,
               std::uint64_t total,
               const std::string& unit,
               const std::string&) override {
    CHECK(unit == "users");
    CHECK(done <= total);
    last_done = done;
    ++calls;
  }

  std::uint64_t last_done = 0;
  int calls = 0;
};

} // namespace

TEST_CASE("users are ranked without what they have and judged by what was hidden",
          "[eval][evaluate]") {
  core::held_out_set held_out{
    {7, 3}, eval::matrix(6, {{0, 1}, {5}}), eval::matrix(6, {{2, 5}, {1}})};
  const auto result = evaluate(popularity, held_out, {"recall@1", "recall@2", "mrr@6"});
  // Slates: 2 3 4 5 and 0 1 2 3 4.
  CHECK(result.model == "popularity");
  CHECK(result.users == std::vector<core::user_id>{7, 3});
  CHECK(result.values[0] == std::vector<double>{1, 0});
  CHECK(result.values[1] == std::vector<double>{0.5, 1});
  CHECK(result.values[2] == std::vector<double>{1, 0.5});
  CHECK(result.overall == std::vector<double>{0.5, 0.75, 0.75});
}

TEST_CASE("users without held-out items are skipped and counted", "[eval][evaluate]") {
  core::held_out_set held_out{
    {4, 5, 6}, eval::matrix(6, {{0}, {1}, {}}), eval::matrix(6, {{}, {0}, {1}})};
  const auto result = evaluate(popularity, held_out, {"hit_rate@1"});
  CHECK(result.users == std::vector<core::user_id>{5, 6});
  CHECK(result.num_skipped == 1);
  CHECK(result.values[0] == std::vector<double>{1, 0});
}

TEST_CASE("ties go to the lower item", "[eval][evaluate]") {
  const auto level = eval::always("level", {1, 1, 1});
  core::held_out_set held_out{
    {0, 1}, eval::matrix(3, {{}, {0}}), eval::matrix(3, {{0}, {1}})};
  CHECK(evaluate(level, held_out, {"hit_rate@1"}).overall[0] == 1);
}

TEST_CASE("attributes are those of the user's row in the dataset", "[eval][evaluate]") {
  // Whoever has code c is recommended item c.
  const eval::toy_recommender by_code{"by_code", 4, [](const eval::toy_row& row) {
                                        std::vector<float> scores(4);
                                        if (row.code != core::no_code)
                                          scores[row.code] = 1;
                                        return scores;
                                      }};
  const auto attributes = eval::segments({0, 0, 3, 0, 0, 0, 0, 0, 0, 2});
  core::held_out_set held_out{
    {9, 2}, eval::matrix(4, {{}, {}}), eval::matrix(4, {{2}, {3}})};
  CHECK(evaluate(by_code, held_out, {"hit_rate@1"}, &attributes).overall[0] == 1);
  CHECK(evaluate(by_code, held_out, {"hit_rate@1"}).overall[0] == 0);
}

TEST_CASE("coverage is of all users together", "[eval][evaluate]") {
  core::held_out_set held_out{
    {0, 1}, eval::matrix(6, {{0}, {}}), eval::matrix(6, {{3}, {3}})};
  const auto result = evaluate(popularity, held_out, {"coverage@2", "coverage@6"});
  CHECK(result.overall == std::vector<double>{0.5, 1}); // items 0, 1, 2; then all
  CHECK(result.values[0].empty());
}

TEST_CASE("many users are judged as each would be alone", "[eval][evaluate]") {
  // Users like the item after their last: right for all but every third.
  const eval::toy_recommender next{"next", 100, [](const eval::toy_row& row) {
                                     std::vector<float> scores(100);
                                     scores[row.history[0] + 1] = 1;
                                     return scores;
                                   }};
  core::held_out_set held_out;
  held_out.fold_in.num_items = 100;
  held_out.held_out.num_items = 100;
  constexpr core::user_id num_users = 6001;
  for (core::user_id user = 0; user < num_users; ++user) {
    held_out.users.push_back(user);
    const core::item_id item = user % 97;
    held_out.fold_in.append_row(std::vector<core::item_id>{item});
    held_out.held_out.append_row(
      std::vector<core::item_id>{user % 3 == 0 ? item + 2 : item + 1});
  }
  counted_progress progress;
  const auto result = eval::evaluate(next, held_out, nullptr,
                                     eval::parse_metrics({"hit_rate@1"}), progress);
  for (core::user_id user = 0; user < num_users; ++user)
    if (result.values[0][user] != (user % 3 == 0 ? 0 : 1))
      FAIL("user " << user << " was judged by somebody else's slate");
  CHECK(progress.last_done == num_users);
  CHECK(progress.calls > 1);
}

TEST_CASE("without users there is nothing to judge", "[eval][evaluate]") {
  core::held_out_set nobody;
  nobody.fold_in.num_items = 6;
  nobody.held_out.num_items = 6;
  const auto result = evaluate(popularity, nobody, {"ndcg@5", "coverage@5"});
  CHECK(result.users.empty());
  CHECK(result.overall == std::vector<double>{0, 0});
}

TEST_CASE("a model of other items is refused in words", "[eval][evaluate]") {
  core::held_out_set held_out{{0}, eval::matrix(9, {{0}}), eval::matrix(9, {{3}})};
  CHECK_THROWS_WITH(evaluate(popularity, held_out, {"ndcg@5"}),
                    Catch::Contains("popularity") && Catch::Contains("6 items")
                      && Catch::Contains("9"));
  core::attribute_table too_short;
  core::held_out_set other{{3}, eval::matrix(6, {{0}}), eval::matrix(6, {{3}})};
  CHECK_THROWS_WITH(evaluate(popularity, other, {"ndcg@5"}, &too_short),
                    Catch::Contains("attributes"));
}

TEST_CASE("an evaluation without metrics is a wrong request", "[eval][evaluate]") {
  core::held_out_set held_out{{0}, eval::matrix(6, {{0}}), eval::matrix(6, {{3}})};
  CHECK_THROWS_AS(eval::evaluate(popularity, held_out, nullptr, {}, silent),
                  core::error);
}
