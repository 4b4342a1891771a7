#include "eval/rank_agreement.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace souk;

TEST_CASE("tau counts pairs in the same order less those in the opposite one",
          "[eval][rank_agreement]") {
  const std::vector<double> rising{1, 2, 3, 4};
  const std::vector<double> falling{4, 3, 2, 1};
  const std::vector<double> one_swap{1, 3, 2, 4};
  CHECK(*eval::kendall_tau(rising, rising) == Approx(1));
  CHECK(*eval::kendall_tau(rising, falling) == Approx(-1));
  CHECK(*eval::kendall_tau(rising, one_swap) == Approx((5.0 - 1.0) / 6.0));
}

TEST_CASE("tau-b counts ties out of both lists", "[eval][rank_agreement]") {
  // Five untied pairs of six in one list, all six in the other; all five agree.
  const std::vector<double> tied{1, 2, 2, 3};
  const std::vector<double> other{1, 2, 3, 4};
  CHECK(*eval::kendall_tau(tied, other) == Approx(5 / std::sqrt(5.0 * 6.0)));
  CHECK_FALSE(eval::kendall_tau(std::vector<double>{2, 2}, std::vector<double>{1, 3}));
}

namespace {

/// Models whose means rise from one to the next in both judgements, by `step` among
/// users; users and worlds differ by one up or down.
struct sample_models {
  std::vector<std::vector<double>> users;
  std::vector<std::vector<double>> worlds;

  explicit sample_models(double step) {
    for (int model = 0; model < 5; ++model) {
      users.emplace_back();
      for (int user = 0; user < 40; ++user)
        users.back().push_back(step * model + ((user * 7 + model * 3) % 5 - 2) / 2.0);
      worlds.push_back({model + 0.1, model - 0.1, model + 0.0});
    }
  }

  eval::judged_twice judged() const {
    eval::judged_twice both;
    both.users.assign(users.begin(), users.end());
    both.worlds.assign(worlds.begin(), worlds.end());
    return both;
  }
};

} // namespace

TEST_CASE("agreement of clear orders is sure, that of close ones is not",
          "[eval][rank_agreement]") {
  const sample_models clear{3};
  const auto sure = eval::rank_agreement(clear.judged(), {1, 500, 0});
  REQUIRE(sure);
  CHECK(sure->mean == Approx(1));
  CHECK(sure->low == Approx(1));
  CHECK(sure->n == 5);
  const sample_models close{0.05};
  const auto unsure = eval::rank_agreement(close.judged(), {1, 500, 0});
  REQUIRE(unsure);
  CHECK(unsure->low < 0.8);
  CHECK(unsure->high > unsure->low);
}

TEST_CASE("an agreement takes at least two models, users and worlds",
          "[eval][rank_agreement]") {
  const sample_models models{1};
  auto few = models.judged();
  few.users.resize(1);
  few.worlds.resize(1);
  CHECK_FALSE(eval::rank_agreement(few, {1, 10, 0}));
  CHECK_FALSE(eval::rank_agreement({}, {1, 10, 0}));
}
