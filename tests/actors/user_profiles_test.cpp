#include "actors/user_profiles.hpp"

#include "tests/eval/toy_recommenders.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using actors::given_history;
using core::replay_verdict;

namespace {

/// Expects whoever had item i to take item i + 1 next, else the lowest item.
eval::toy_recommender successor(std::size_t num_items) {
  return {"successor", num_items, [num_items](const eval::toy_row& row) {
            std::vector<float> scores(num_items, 0);
            for (const auto item : row.history)
              if (item + 1 < num_items)
                scores[item + 1] = 1;
            return scores;
          }};
}

/// One user's events, a minute apart.
std::vector<core::replay_event>
events_of(core::user_id user,
          const std::vector<std::pair<core::item_id, std::uint32_t>>& items) {
  std::vector<core::replay_event> events;
  for (const auto& [item, session] : items)
    events.push_back({static_cast<core::time_ms>(events.size()) * core::minute_ms, user,
                      item, session, 0});
  return events;
}

std::vector<core::replay_prediction>
predicted(const actors::profile_options& options,
          const std::vector<core::replay_event>& events) {
  return actors::user_profiles{options}.predict(events, successor(6), nullptr);
}

} // namespace

SCENARIO("an event is predicted from what came before it", "[actors][profiles]") {
  const auto met = predicted({}, events_of(0, {{0, 0}, {4, 0}, {5, 0}}));
  THEN("the first from nothing") {
    CHECK(met[0].history == 0);
    CHECK(met[0].rank == 1); // the lowest item
  }
  THEN("later ones never from themselves") {
    CHECK(met[1].history == 1);
    CHECK(met[1].rank == 4); // 1 is expected, then 2 and 3; 0 is left out
    CHECK(met[2].history == 2);
    CHECK(met[2].rank == 2); // 1 and 5 are expected alike
  }
  THEN("positions count the session's events") {
    CHECK(met[2].position == 3);
  }
}

SCENARIO("a model is given a session or everything so far", "[actors][profiles]") {
  const auto events = events_of(0, {{4, 0}, {2, 1}, {5, 1}, {3, 1}});
  actors::profile_options options;
  GIVEN("everything so far") {
    const auto met = predicted(options, events);
    CHECK(met[2].history == 2);
    CHECK(met[2].rank == 2);
    CHECK(met[1].position == 1);
  }
  GIVEN("the session") {
    options.history = given_history::session;
    const auto met = predicted(options, events);
    THEN("a new one begins with nothing") {
      CHECK(met[1].history == 0);
      CHECK(met[1].position == 1);
      CHECK(met[2].history == 1);
    }
    THEN("what was had in earlier ones stays out of the slate all the same") {
      CHECK(met[2].rank == 4); // after 3, which is expected, 0 and 1: 4 is left out
    }
  }
}

SCENARIO("repeats are judged only where it is asked for", "[actors][profiles]") {
  const auto events = events_of(0, {{4, 0}, {4, 0}});
  actors::profile_options options;
  CHECK(predicted(options, events)[1].verdict == replay_verdict::repeated);
  options.judge_repeats = true;
  const auto met = predicted(options, events)[1];
  CHECK(met.verdict == replay_verdict::judged);
  CHECK(met.rank == 6); // after 5, which is expected, and 0 to 3: nothing is left out
}

SCENARIO("what the model knows nothing of, or too much, is not judged",
         "[actors][profiles]") {
  auto events = events_of(0, {{0, 0}, {core::no_item, 0}, {1, 0}, {2, 0}});
  events[2].is_learned = 1;
  actors::profile_options options;
  const auto met = predicted(options, events);
  CHECK(met[1].verdict == replay_verdict::unknown);
  CHECK(met[1].position == 2);
  CHECK(met[2].verdict == replay_verdict::learned);
  CHECK(met[2].rank == 0);
  CHECK(met[3].verdict == replay_verdict::judged);
  CHECK(met[3].history == 2); // the unknown item is in no profile, the learned one is
  options.judge_learned = true;
  CHECK(predicted(options, events)[2].rank == 1);
}

SCENARIO("an item is found only within the slate", "[actors][profiles]") {
  actors::profile_options options;
  options.slate_size = 2;
  const auto met = predicted(options, events_of(0, {{1, 0}, {5, 0}}));
  CHECK(met[0].rank == 2);
  CHECK(met[1].rank == 0);
}

SCENARIO("a user's attributes come with the user", "[actors][profiles]") {
  const eval::toy_recommender by_code{"by_code", 3, [](const eval::toy_row& row) {
                                        std::vector<float> scores(3, 0);
                                        scores.at(row.code) = 1;
                                        return scores;
                                      }};
  const auto attributes = eval::segments({2, 1});
  const std::vector<core::replay_event> events{{0, 1, 1, 0, 0}, {0, 0, 2, 0, 0}};
  const auto met = actors::user_profiles{{}}.predict(events, by_code, &attributes);
  CHECK(met[0].rank == 1);
  CHECK(met[1].rank == 1);
}
