#include "core/random.hpp"
#include "sim/boredom.hpp"
#include "sim/churn.hpp"
#include "sim/drift.hpp"
#include "sim/funnel.hpp"
#include "sim/intent.hpp"
#include "sim/patience.hpp"
#include "sim/satisfaction.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace souk;
using namespace souk::sim;

TEST_CASE("intents have the shares asked for", "[sim][intent]") {
  const intent_options options{0.25, 0.2};
  constexpr std::uint32_t draws = 30000;
  double shares[3] = {};
  for (std::uint32_t i = 0; i < draws; ++i) {
    const auto draw = core::uniform({1, core::stream::intend, i, 0}, 0);
    shares[static_cast<std::size_t>(draw_intent(options, 1.5, true, draw))] +=
      1.0 / draws;
  }
  CHECK(shares[2] == Approx(0.3).margin(0.01));
  CHECK(shares[1] == Approx(0.7 * 0.25).margin(0.01));
}

TEST_CASE("nobody buys again who has not bought", "[sim][intent]") {
  const intent_options options{0, 1};
  CHECK(draw_intent(options, 10, false, 0.0) == intent::browse);
  CHECK(draw_intent(options, 10, true, 0.89) == intent::buy_again);
  CHECK(draw_intent(options, 10, true, 0.91) == intent::browse);
}

TEST_CASE("a session without clicks lasts 1 + patience slates on average",
          "[sim][patience]") {
  patience_options options;
  options.session_spread = 0;
  const auto patience = session_patience(options, 4, 1.7);
  CHECK(patience == Approx(4));
  auto slates = 0.0;
  constexpr std::uint32_t sessions = 20000;
  for (std::uint32_t i = 0; i < sessions; ++i)
    for (std::uint32_t slate = 0;; ++slate) {
      slates += 1;
      if (core::uniform({1, core::stream::leave, i, slate}, 0)
          < leaving_chance(options, patience, false, false))
        break;
    }
  CHECK(slates / sessions == Approx(5).margin(0.12));
}

TEST_CASE("clicks keep people, and having found something lets them go",
          "[sim][patience]") {
  const patience_options options;
  const auto without = leaving_chance(options, 4, false, false);
  CHECK(leaving_chance(options, 4, true, false)
        == Approx(without * options.click_relief));
  CHECK(leaving_chance(options, 4, true, true) == Approx(options.need_met));
}

TEST_CASE("carts and purchases grow with utility, returns fall with quality",
          "[sim][funnel]") {
  const funnel_options options;
  CHECK(cart_chance(options, 0) == Approx(1 / (1 + std::exp(-options.cart_bias))));
  CHECK(cart_chance(options, 2) > cart_chance(options, 0));
  CHECK(purchase_chance(options, 2) > purchase_chance(options, 0));
  CHECK(return_chance(options, 2) < return_chance(options, 0));
}

TEST_CASE("delays have their mean and a power law's tail", "[sim][funnel]") {
  funnel_options options;
  options.delay_exponent = 3.5;
  constexpr std::uint32_t draws = 200000;
  std::vector<double> delays;
  auto sum = 0.0;
  for (std::uint32_t i = 0; i < draws; ++i) {
    const auto wait = static_cast<double>(
      delay(options, 60000, core::uniform({1, core::stream::give_back, i, 0}, 0)));
    delays.push_back(wait);
    sum += wait;
  }
  std::sort(delays.begin(), delays.end());
  CHECK(sum / draws == Approx(60000).epsilon(0.03));
  // P(delay > x) = (1 + x / scale)^-exponent, scale = mean (exponent - 1).
  for (const auto tail : {0.5, 0.1, 0.01})
    CHECK(delays[static_cast<std::size_t>((1 - tail) * draws)]
          == Approx(150000 * (std::pow(tail, -1 / 3.5) - 1)).epsilon(0.05));
}

TEST_CASE("a delay is never beyond what a clock can hold", "[sim][funnel]") {
  const auto longest = delay({}, 1e9, 1 - 1e-16);
  CHECK(longest > 0);
  CHECK(longest <= 320000000000);
}

TEST_CASE("stars run from one to five", "[sim][funnel]") {
  CHECK(stars(0.0) == 1);
  CHECK(stars(0.45) == 3);
  CHECK(stars(1.0) == 5);
}

TEST_CASE("satisfaction moves towards what is experienced and stays between 0 and 1",
          "[sim][satisfaction]") {
  const satisfaction_options options;
  CHECK(session_experience(options, options.half_value) == Approx(0.5));
  CHECK(session_experience(options, 0) == 0);
  CHECK(moved_towards(0.5, 1, 0.2) == Approx(0.6));
  auto satisfaction = 0.5;
  for (int i = 0; i < 1000; ++i)
    satisfaction = moved_towards(satisfaction, purchase_experience(3, 0.999), 0.3);
  CHECK(satisfaction < 1);
  CHECK(satisfaction > 0.9);
}

TEST_CASE("contented people come more often and leave less", "[sim][satisfaction]") {
  const satisfaction_options options;
  CHECK(arrival_factor(options, options.start) == Approx(1));
  CHECK(arrival_factor(options, 0.8) > arrival_factor(options, 0.3));
  const churn_options leaving;
  CHECK(churn_chance(leaving, 0.5, 0.5) == Approx(leaving.chance));
  CHECK(churn_chance(leaving, 0.5, 0.9) < leaving.chance);
  CHECK(churn_chance({0.5, 100}, 0.5, 0.0) == 1);
}

TEST_CASE("a taste drifts to what is consumed and keeps its length", "[sim][drift]") {
  std::vector<float> taste = {2, 0, 0, 0};
  const std::vector<float> item = {0, 1, 0, 0};
  drift_towards(taste, item, 0.25);
  CHECK(taste[0] == Approx(1.5));
  CHECK(taste[1] == Approx(0.5));
  for (int i = 0; i < 100; ++i)
    drift_towards(taste, item, 0.25);
  CHECK(taste[0] == Approx(0).margin(1e-6));
  CHECK(taste[1] == Approx(2));
}

TEST_CASE("boredom remembers recent items and fades by half in a half-life",
          "[sim][boredom]") {
  boredom_options options;
  options.keep = 0.5;
  options.half_life_days = 2;
  std::vector<float> recent = {0, 0};
  const std::vector<float> item = {1, 0};
  remember(options, recent, item);
  remember(options, recent, item);
  CHECK(recent[0] == Approx(0.75));
  fade(options, recent, 2 * core::day_ms);
  CHECK(recent[0] == Approx(0.375));
}
