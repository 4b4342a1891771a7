#include "eval/cold_start.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/eval/toy_recommenders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace souk;

namespace {

core::silent_progress silent;

/// 40 users of 60 items, where low items are popular; each has 12 fold-in items, and 4
/// of the others are held out.
core::held_out_set crowd(bool with_times) {
  core::held_out_set held_out;
  held_out.fold_in.num_items = 60;
  held_out.held_out.num_items = 60;
  for (core::user_id user = 0; user < 40; ++user) {
    const core::draw_site site{11, core::stream::synthetic_data, user};
    std::set<core::item_id> chosen;
    for (std::uint32_t i = 0; chosen.size() < 16; ++i) {
      const auto draw = core::uniform(site, i);
      chosen.insert(static_cast<core::item_id>(60 * draw * draw));
    }
    std::vector<core::item_id> kept(chosen.begin(), chosen.end());
    std::vector<core::item_id> hidden;
    for (const auto place : {13, 9, 5, 1}) {
      hidden.insert(hidden.begin(), kept[static_cast<std::size_t>(place)]);
      kept.erase(kept.begin() + place);
    }
    std::vector<core::time_ms> times;
    for (const auto item : kept)
      times.push_back(item * 7 % 13);
    held_out.users.push_back(100 + user);
    held_out.fold_in.append_row(kept,
                                with_times ? times : std::vector<core::time_ms>{});
    held_out.held_out.append_row(hidden);
  }
  return held_out;
}

eval::toy_recommender popularity() {
  std::vector<float> scores;
  for (int item = 0; item < 60; ++item)
    scores.push_back(static_cast<float>(60 - item));
  return eval::always("popularity", scores);
}

/// Remembers every history that it is shown and recommends nothing in particular.
struct witness {
  std::vector<std::vector<core::item_id>> seen;
  std::vector<std::uint32_t> codes;

  eval::toy_recommender recommender(std::size_t num_items) {
    return {"witness", num_items, [this, num_items](const eval::toy_row& row) {
              seen.emplace_back(row.history.begin(), row.history.end());
              codes.push_back(row.code);
              return std::vector<float>(num_items);
            }};
  }
};

eval::cold_start_curve curve_of(const core::recommender& recommender,
                                const core::held_out_set& held_out,
                                const eval::cold_start_options& options = {},
                                const core::attribute_table* attributes = nullptr) {
  return eval::cold_start(recommender, held_out, attributes,
                          eval::parse_metrics({"recall@5", "ndcg@20"}), options,
                          silent);
}

} // namespace

TEST_CASE("popularity learns nothing from a history: its curve is flat",
          "[eval][cold_start]") {
  for (const auto with_times : {false, true}) {
    const auto curve = curve_of(popularity(), crowd(with_times));
    REQUIRE(curve.buckets.size() == 7);
    REQUIRE(curve.users.size() == 40);
    for (const auto& bucket : curve.buckets)
      for (std::size_t metric = 0; metric < curve.metrics.size(); ++metric)
        for (std::size_t user = 0; user < curve.users.size(); ++user)
          // Means over three draws may round.
          CHECK(bucket.values[metric][user]
                == Approx(curve.buckets[0].values[metric][user]).epsilon(1e-14));
  }
}

TEST_CASE("whoever uses the history gets better with it", "[eval][cold_start]") {
  // Two camps: even users like items below 6, odd users the others.
  const eval::toy_recommender camps{
    "camps", 12, [](const eval::toy_row& row) {
      std::vector<float> scores(12);
      const auto first = row.history.empty() ? 0U : row.history[0] < 6 ? 0U : 6U;
      for (auto item = first; item < first + 6; ++item)
        scores[item] = 1;
      return scores;
    }};
  core::held_out_set held_out{{0, 1},
                              eval::matrix(12, {{0, 1, 2, 3}, {6, 7, 8, 9}}),
                              eval::matrix(12, {{4, 5}, {10, 11}})};
  eval::cold_start_options options;
  options.history = {0, 1, std::nullopt};
  options.min_fold_in = 4;
  const auto curve = eval::cold_start(
    camps, held_out, nullptr, eval::parse_metrics({"recall@2"}), options, silent);
  CHECK(curve.buckets[0].values[0] == std::vector<double>{1, 0});
  CHECK(curve.buckets[1].values[0] == std::vector<double>{1, 1});
  CHECK(curve.buckets[2].values[0] == std::vector<double>{1, 1});
}

TEST_CASE("with times the first events are shown, ties by item number",
          "[eval][cold_start]") {
  core::held_out_set held_out{
    {0}, eval::matrix(9, {{1, 3, 4, 7}}, {{30, 10, 20, 10}}), eval::matrix(9, {{2}})};
  witness watching;
  eval::cold_start_options options;
  options.history = {0, 1, 2, 3, std::nullopt};
  options.min_fold_in = 4;
  curve_of(watching.recommender(9), held_out, options);
  // Times are known, so there is nothing to draw: once per bucket.
  const std::vector<std::vector<core::item_id>> expected{
    {}, {3}, {3, 7}, {3, 4, 7}, {1, 3, 4, 7}};
  CHECK(watching.seen == expected);
}

TEST_CASE("without times subsets are drawn, nested, and other ones for every draw",
          "[eval][cold_start]") {
  core::held_out_set held_out{{5},
                              eval::matrix(40, {{0, 2, 4, 6, 8, 10, 12, 14, 16, 18}}),
                              eval::matrix(40, {{1}})};
  witness watching;
  eval::cold_start_options options;
  options.history = {1, 3, 6};
  options.draws = 4;
  options.seed = 9;
  curve_of(watching.recommender(40), held_out, options);
  REQUIRE(watching.seen.size() == 12);
  std::set<std::vector<core::item_id>> different;
  for (std::size_t draw = 0; draw < 4; ++draw) {
    const auto& one = watching.seen[draw];
    const auto& three = watching.seen[4 + draw];
    const auto& six = watching.seen[8 + draw];
    CHECK(one.size() == 1);
    CHECK(three.size() == 3);
    CHECK(std::includes(three.begin(), three.end(), one.begin(), one.end()));
    CHECK(std::includes(six.begin(), six.end(), three.begin(), three.end()));
    different.insert(six);
  }
  CHECK(different.size() > 1);
  // The order is Philox's, by the user's number in the dataset.
  const auto order = core::permutation({9, core::stream::sample_history, 5, 2}, 10);
  CHECK(watching.seen[2] == std::vector<core::item_id>{2 * order[0]});
}

TEST_CASE("values are means over the draws", "[eval][cold_start]") {
  // Right only for those shown item 0.
  const eval::toy_recommender lucky{"lucky", 12, [](const eval::toy_row& row) {
                                      std::vector<float> scores(12);
                                      if (!row.history.empty() && row.history[0] == 0)
                                        scores[11] = 1;
                                      else
                                        scores[10] = 1;
                                      return scores;
                                    }};
  core::held_out_set held_out{
    {0}, eval::matrix(12, {{0, 1}}), eval::matrix(12, {{11}})};
  eval::cold_start_options options;
  options.history = {1};
  options.min_fold_in = 2;
  options.draws = 64;
  const auto curve = eval::cold_start(
    lucky, held_out, nullptr, eval::parse_metrics({"hit_rate@1"}), options, silent);
  double expected = 0;
  for (std::uint32_t draw = 0; draw < 64; ++draw)
    expected +=
      core::permutation({0, core::stream::sample_history, 0, draw}, 2)[0] == 0;
  CHECK(curve.buckets[0].values[0][0] == expected / 64);
  CHECK(expected > 16);
  CHECK(expected < 48);
}

TEST_CASE("the whole fold-in stays masked whatever is shown of it",
          "[eval][cold_start]") {
  // Loves the fold-in item that it was not shown; the hidden one comes second.
  const auto eager = eval::always("eager", {9, 8, 7, 1});
  core::held_out_set held_out{{0}, eval::matrix(4, {{0, 1}}), eval::matrix(4, {{2}})};
  eval::cold_start_options options;
  options.history = {0, 1, std::nullopt};
  options.min_fold_in = 2;
  const auto curve = eval::cold_start(
    eager, held_out, nullptr, eval::parse_metrics({"hit_rate@1"}), options, silent);
  for (const auto& bucket : curve.buckets)
    CHECK(bucket.values[0][0] == 1);
}

TEST_CASE("every bucket has the same users: those with enough of a past",
          "[eval][cold_start]") {
  core::held_out_set held_out{{8, 7, 6},
                              eval::matrix(9, {{0, 1, 2}, {0}, {3, 4}}),
                              eval::matrix(9, {{5}, {5}, {6}})};
  eval::cold_start_options options;
  options.history = {0, 2};
  options.min_fold_in = 2;
  const auto curve =
    curve_of(eval::always("level", std::vector<float>(9)), held_out, options);
  CHECK(curve.users == std::vector<core::user_id>{8, 6});
  for (const auto& bucket : curve.buckets)
    CHECK(bucket.values[0].size() == 2);
}

TEST_CASE("attributes are known in every bucket", "[eval][cold_start]") {
  const auto attributes = eval::segments({0, 0, 1});
  core::held_out_set held_out{{2}, eval::matrix(4, {{0, 1}}), eval::matrix(4, {{2}})};
  witness watching;
  eval::cold_start_options options;
  options.history = {0, 1, std::nullopt};
  options.min_fold_in = 2;
  options.draws = 1;
  curve_of(watching.recommender(4), held_out, options, &attributes);
  CHECK(watching.codes == std::vector<std::uint32_t>{1, 1, 1});
}

TEST_CASE("a curve without users is empty and says so", "[eval][cold_start]") {
  core::held_out_set held_out{{0}, eval::matrix(60, {{1}}), eval::matrix(60, {{2}})};
  const auto curve = curve_of(popularity(), held_out);
  CHECK(curve.users.empty());
  CHECK(curve.buckets.size() == 7);
  CHECK(curve.buckets[0].values[0].empty());
}

TEST_CASE("a cold start that cannot be is a wrong request", "[eval][cold_start]") {
  const auto refused = [](eval::cold_start_options options, const std::string& metric) {
    try {
      eval::cold_start(popularity(), crowd(false), nullptr,
                       eval::parse_metrics({metric}), options, silent);
    } catch (const core::error& error) {
      return error.whom() == core::blame::request;
    }
    return false;
  };
  eval::cold_start_options too_long;
  too_long.history = {0, 20};
  CHECK(refused(too_long, "ndcg@5"));
  eval::cold_start_options no_draws;
  no_draws.draws = 0;
  CHECK(refused(no_draws, "ndcg@5"));
  CHECK(refused({}, "coverage@5"));
  CHECK_FALSE(refused({}, "ndcg@5"));
}

TEST_CASE("buckets have names that results can be searched by", "[eval][cold_start]") {
  CHECK(eval::to_group(0) == "history=0");
  CHECK(eval::to_group(10) == "history=10");
  CHECK(eval::to_group(std::nullopt) == "history=all");
}
