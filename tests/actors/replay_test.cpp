#include "actors/replay.hpp"

#include "actors/failure.hpp"
#include "actors/profile_shard.hpp"
#include "actors/replayer.hpp"
#include "core/random.hpp"
#include "tests/eval/toy_recommenders.hpp"
#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::tests;
using namespace souk::actors;

namespace {

constexpr std::size_t num_items = 12;

/// Scores by the whole history, so that any mistake in a profile changes ranks.
std::shared_ptr<const core::recommender> odd_model() {
  return std::make_shared<eval::toy_recommender>(
    "odd", num_items, [](const eval::toy_row& row) {
      std::uint32_t state = 1;
      for (const auto item : row.history)
        state = state * 31 + item;
      std::vector<float> scores;
      for (std::uint32_t item = 0; item < num_items; ++item)
        scores.push_back(static_cast<float>((state + 7 * item * item) % 101));
      return scores;
    });
}

/// 300 events of 17 users, some at the same time, in sessions of three.
replay_log odd_log() {
  std::vector<core::replay_event> events;
  std::vector<std::uint32_t> counts(17, 0);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const core::draw_site site{1, core::stream::synthetic_data, i, 0};
    const auto user = static_cast<core::user_id>(core::below(site, 0, 17));
    const auto item = static_cast<core::item_id>(core::below(site, 1, num_items + 1));
    events.push_back({core::second_ms * (i / 3), user,
                      item == num_items ? core::no_item : item, counts[user]++ / 3,
                      i % 11 == 0 ? 1U : 0U});
  }
  return std::make_shared<std::vector<core::replay_event>>(std::move(events));
}

/// Keeps what it is told.
struct keeping_observer : replay_observer {
  void predicted(core::span<const core::replay_prediction> told,
                 core::span<const float> waited) override {
    predictions.insert(predictions.end(), told.begin(), told.end());
    latencies_ms.insert(latencies_ms.end(), waited.begin(), waited.end());
  }

  /// Everything in one comparable value.
  std::vector<std::uint32_t> digest() const {
    std::vector<std::uint32_t> all;
    for (const auto& each : predictions)
      for (const auto number : {each.user, each.rank, each.position, each.history,
                                static_cast<std::uint32_t>(each.verdict)})
        all.push_back(number);
    return all;
  }

  std::vector<core::replay_prediction> predictions;
  std::vector<float> latencies_ms;
};

/// A replay on the test scheduler.
class still_replay {
public:
  still_replay(std::uint32_t shards, const replayer_options& options, replay_log log) {
    for (std::uint32_t i = 0; i < shards; ++i)
      shards_.push_back(
        (*system).spawn(profile_shard, profile_options{}, odd_model(), nullptr));
    walker = (*system).spawn(replayer, options, std::move(log), shards_, &observer);
  }

  ~still_replay() {
    system.stop(walker);
    for (const auto& shard : shards_)
      system.stop(shard);
  }

  still_replay(const still_replay&) = delete;
  still_replay& operator=(const still_replay&) = delete;

  still_system system;
  keeping_observer observer;
  replayer_actor walker;

private:
  std::vector<messages::profile_shard_actor> shards_;
};

/// Two users' events at seconds 0, 1, 1 and 10.
replay_log slow_log() {
  return std::make_shared<std::vector<core::replay_event>>(
    std::vector<core::replay_event>{
      {0, 0, 1, 0, 0}, {1000, 0, 2, 0, 0}, {1000, 1, 3, 0, 0}, {10000, 1, 4, 0, 0}});
}

} // namespace

SCENARIO("predictions do not depend on shards or batches", "[actors][replay]") {
  keeping_observer alone;
  user_profiles profiles{profile_options{}};
  const auto log = odd_log();
  const auto expected = profiles.predict(*log, *odd_model(), nullptr);
  alone.predicted(expected, {});
  for (const auto shards : {1U, 2U, 4U, 23U})
    for (const std::size_t batch : {1, 3, 96}) {
      INFO(shards << " shards, batches of " << batch);
      still_replay replay{shards, {batch, 0}, log};
      const auto answer =
        replay.system.ask<replay_finished>(replay.walker, run_replay{});
      REQUIRE(std::holds_alternative<replay_finished>(answer));
      CHECK(std::get<replay_finished>(answer).events == log->size());
      CHECK(replay.observer.digest() == alone.digest());
    }
}

SCENARIO("threads change no prediction", "[actors][replay]") {
  const auto log = odd_log();
  const std::atomic<bool> interrupt{false};
  std::vector<std::vector<std::uint32_t>> digests;
  for (const auto shards : {1U, 4U}) {
    keeping_observer observer;
    replay_options options;
    options.shards = shards;
    options.batch = 8;
    const auto outcome =
      actors::replay(options, log, odd_model(), nullptr, observer, interrupt);
    CHECK(outcome.events == log->size());
    digests.push_back(observer.digest());
  }
  CHECK(digests[0] == digests[1]);
}

SCENARIO("a log at twice real time takes half its time", "[actors][replay]") {
  GIVEN("events at seconds 0, 1, 1 and 10") {
    still_replay replay{2, {96, 2}, slow_log()};
    replay.system.tell(replay.walker, run_replay{});
    replay.system.settle();
    const auto told = [&] {
      return replay.observer.predictions.size();
    };
    THEN("each is predicted when it is due, and not before") {
      CHECK(told() == 1);
      replay.system.pass(std::chrono::milliseconds{499});
      CHECK(told() == 1);
      replay.system.pass(std::chrono::milliseconds{2});
      CHECK(told() == 3);
      replay.system.pass(std::chrono::milliseconds{4400});
      CHECK(told() == 3);
      replay.system.pass(std::chrono::milliseconds{100});
      CHECK(told() == 4);
    }
    WHEN("the clock has gone on before an event is looked at") {
      replay.system.pass(std::chrono::milliseconds{1500});
      THEN("its latency counts from when it was due") {
        REQUIRE(told() == 3);
        CHECK(replay.observer.latencies_ms[0] == Approx(0).margin(0.01));
        CHECK(replay.observer.latencies_ms[2] == Approx(1000).margin(0.01));
      }
    }
  }
}

SCENARIO("a replay that is stopped has predicted the log's beginning",
         "[actors][replay]") {
  still_replay replay{2, {96, 1}, slow_log()};
  replay.system.tell(replay.walker, run_replay{});
  replay.system.settle();
  replay.system.pass(std::chrono::milliseconds{1100});
  replay.system.tell(replay.walker, stop_replay{});
  replay.system.pass(std::chrono::hours{1});
  CHECK(replay.observer.predictions.size() == 3);
}

SCENARIO("an interrupt ends a replay that waits for its next event",
         "[actors][replay]") {
  auto events = *slow_log();
  events.back().time = 365 * core::day_ms;
  const auto log = std::make_shared<std::vector<core::replay_event>>(events);
  const std::atomic<bool> interrupt{true};
  keeping_observer observer;
  replay_options options;
  options.speed = 1000;
  const auto outcome =
    actors::replay(options, log, odd_model(), nullptr, observer, interrupt);
  CHECK(outcome.events == observer.predictions.size());
  CHECK(outcome.events < 4);
}

SCENARIO("a shard that breaks ends the replay with its reason", "[actors][replay]") {
  auto broken = std::make_shared<eval::toy_recommender>(
    "broken", num_items, [](const eval::toy_row&) -> std::vector<float> {
      throw core::error{"is broken", "the model", ""};
    });
  const std::atomic<bool> interrupt{false};
  keeping_observer observer;
  CHECK_THROWS_WITH(actors::replay({}, odd_log(), broken, nullptr, observer, interrupt),
                    Catch::Contains("the model: is broken"));
}

SCENARIO("a shard whose process is gone ends the replay", "[actors][replay]") {
  still_replay replay{1, {96, 1}, slow_log()};
  caf::scoped_actor self{*replay.system};
  auto pending = self->request(replay.walker, caf::infinite, run_replay{});
  replay.system.tell(replay.walker, messages::role_died{"shard 0", "it was killed"});
  replay.system.settle();
  pending.receive([](const replay_finished&) { FAIL("nobody was left to answer"); },
                  [](const caf::error& reason) {
                    CHECK_THAT(describe(reason), Catch::Contains("it was killed"));
                  });
}
