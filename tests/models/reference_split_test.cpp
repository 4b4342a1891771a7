#include "tests/models/reference_split.hpp"

#include "models/learner.hpp"
#include "models/model.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

std::unique_ptr<core::recommender> fitted(const std::string& kind,
                                          const reference_split& split) {
  model_options options;
  options.kind = kind;
  core::silent_progress progress;
  return make_recommender(
    fit(options, {&split.training, &split.training_users}, progress), 2);
}

void check_quality(const quality& found, const quality& expected, double margin) {
  CHECK(found.recall_20 == Approx(expected.recall_20).margin(margin));
  CHECK(found.recall_50 == Approx(expected.recall_50).margin(margin));
  CHECK(found.ndcg_100 == Approx(expected.ndcg_100).margin(margin));
}

} // namespace

TEST_CASE("fitted models rank ml-1m as well as the public implementations",
          "[models][reference]") {
  const auto split = load_ml_1m();
  if (!split)
    return;
  check_quality(evaluate(*fitted("popularity", *split), *split), {.1613, .2337, .2106},
                .001);
  check_quality(evaluate(*fitted("item_knn", *split), *split), {.3041, .4148, .3653},
                .002);
  check_quality(evaluate(*fitted("pure_svd", *split), *split), {.3237, .4345, .3811},
                .001);
  check_quality(evaluate(*fitted("ease", *split), *split), {.3595, .4746, .4219},
                .0005);
}

TEST_CASE("knowing who strangers are beats popularity on ml-1m",
          "[models][reference]") {
  const auto split = load_ml_1m();
  if (!split)
    return;
  const auto popularity = evaluate(*fitted("popularity", *split), *split, false);
  const auto segments = evaluate(*fitted("segment_popularity", *split), *split, false);
  CHECK(popularity.ndcg_100 == Approx(.2105).margin(.001));
  CHECK(segments.ndcg_100 >= .2285);
}
