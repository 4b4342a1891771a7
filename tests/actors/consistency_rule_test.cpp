#include "actors/consistency_rule.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <vector>

using namespace souk;
using namespace souk::actors;
using kind = range_event::kind;

namespace {

consistency_options
options(consistency_kind of, std::uint32_t workers, std::uint64_t staleness = 0) {
  consistency_options made;
  made.kind = of;
  made.workers = workers;
  made.staleness = staleness;
  return made;
}

range_order events_of(consistency_rule& rule) {
  range_order events;
  while (const auto event = rule.next())
    events.push_back(*event);
  return events;
}

range_event read(std::uint64_t turn) {
  return {kind::read, turn};
}

range_event apply(std::uint64_t turn) {
  return {kind::apply, turn};
}

/// Workers that compute for a time drawn for each step, and now and then for a long
/// one, under a rule; what happened in the end.
class simulated_workers {
public:
  simulated_workers(const clocks& time, std::uint64_t seed)
    : time_{time}, seed_{seed}, states_(time.workers()) {
    // nop
  }

  range_order run(consistency_rule& rule, std::uint64_t steps) {
    range_order order;
    for (std::uint32_t worker = 0; worker < states_.size(); ++worker)
      ask(rule, worker, time_.first_step({worker, 1}, 0), steps);
    for (;;) {
      while (const auto event = rule.next()) {
        order.push_back(*event);
        if (event->what == kind::read)
          begin(event->turn);
      }
      const auto first = std::min_element(
        states_.begin(), states_.end(),
        [](const auto& a, const auto& b) { return a.done_at < b.done_at; });
      if (first->done_at == never)
        return order;
      now_ = first->done_at;
      first->done_at = never;
      rule.bring(first->turn);
      ask(rule, static_cast<std::uint32_t>(first - states_.begin()),
          time_.next_turn(first->turn), steps);
    }
  }

private:
  static constexpr auto never = std::numeric_limits<double>::infinity();

  struct worker_state {
    std::uint64_t turn = 0;
    double done_at = never;
  };

  void ask(consistency_rule& rule,
           std::uint32_t worker,
           std::uint64_t turn,
           std::uint64_t steps) {
    if (turn >= steps)
      return;
    REQUIRE(rule.refusal_to_read(turn) == core::errc::none);
    states_[worker].turn = turn;
    rule.want(turn);
  }

  void begin(std::uint64_t turn) {
    const core::draw_site site{seed_, core::stream::synthetic_data,
                               static_cast<std::uint32_t>(turn), 0};
    const auto delay = core::uniform(site, 0) < 0.02 ? 50 * core::uniform(site, 1) : 0;
    states_[time_.worker(turn)].done_at = now_ + core::uniform(site, 2) + delay;
  }

  clocks time_;
  std::uint64_t seed_;
  double now_ = 0;
  std::vector<worker_state> states_;
};

/// How many clocks ahead of the slowest worker reads were at most, by the log alone.
std::uint64_t furthest_ahead(const range_order& order, const clocks& time) {
  std::vector<std::uint64_t> clock(time.workers()); // that each worker applies next
  for (std::uint32_t worker = 0; worker < time.workers(); ++worker)
    clock[worker] = time.of(time.first_step({worker, 1}, 0));
  std::uint64_t furthest = 0;
  for (const auto& event : order) {
    if (event.what == kind::apply) {
      clock[time.worker(event.turn)] = time.of(time.next_turn(event.turn));
      continue;
    }
    const auto slowest = *std::min_element(clock.begin(), clock.end());
    const auto reads = time.of(event.turn);
    REQUIRE(reads >= slowest);
    furthest = std::max(furthest, reads - slowest);
  }
  return furthest;
}

} // namespace

TEST_CASE("under bsp a step is read when the last one is applied",
          "[actors][consistency]") {
  const auto rule = make_rule(options(consistency_kind::bsp, 1), clocks{});
  rule->begin(5);
  CHECK(rule->refusal_to_read(4) == core::errc::not_ready);
  CHECK(rule->refusal_to_take(4) == core::errc::stale_gradient);
  CHECK(rule->refusal_to_take(6) == core::errc::not_ready);
  rule->want(5);
  CHECK(events_of(*rule) == range_order{read(5)});
  rule->want(6);
  CHECK(events_of(*rule).empty());
  rule->bring(5);
  CHECK(events_of(*rule) == range_order{apply(5), read(6)});
}

TEST_CASE("local SGD applies a clock at once, when all replicas are there",
          "[actors][consistency]") {
  auto chosen = options(consistency_kind::local_sgd, 2);
  chosen.period = 3;
  const clocks time{chosen, 11}; // 0..5, 6..10
  const auto rule = make_rule(chosen, time);
  rule->want(0);
  rule->want(1);
  CHECK(events_of(*rule) == range_order{read(0), read(1)});
  rule->bring(1);
  rule->want(7);
  CHECK(events_of(*rule).empty());
  rule->bring(0);
  CHECK(events_of(*rule) == range_order{apply(0), read(7)});
}

TEST_CASE("ssp lets a worker run ahead as far as its staleness",
          "[actors][consistency]") {
  const auto chosen = options(consistency_kind::ssp, 2, 1);
  const clocks time{chosen, 100};
  const auto rule = make_rule(chosen, time);
  rule->want(0);
  CHECK(events_of(*rule) == range_order{read(0)});
  rule->bring(0);
  rule->want(2); // a clock ahead of the other worker
  CHECK(events_of(*rule) == range_order{read(2)});
  rule->bring(2);
  rule->want(4); // two
  CHECK(events_of(*rule).empty());
  rule->want(1);
  CHECK(events_of(*rule) == range_order{read(1)});
  rule->bring(1);
  // Whole clocks take effect, worker after worker.
  CHECK(events_of(*rule) == range_order{apply(0), apply(1), read(4)});
}

TEST_CASE("asp applies gradients as they come", "[actors][consistency]") {
  const auto chosen = options(consistency_kind::asp, 3);
  const auto rule = make_rule(chosen, clocks{chosen, 100});
  for (const std::uint64_t turn : {0, 1, 2})
    rule->want(turn);
  CHECK(events_of(*rule) == range_order{read(0), read(1), read(2)});
  rule->bring(2);
  rule->want(5);
  CHECK(events_of(*rule) == range_order{apply(2), read(5)});
  rule->bring(5);
  rule->want(8);
  CHECK(events_of(*rule) == range_order{apply(5), read(8)});
}

TEST_CASE("a worker whose gradient is not whole waits with its next turn",
          "[actors][consistency]") {
  for (const auto each : {consistency_kind::ssp, consistency_kind::asp}) {
    const auto chosen = options(each, 2, 3);
    const auto rule = make_rule(chosen, clocks{chosen, 100});
    rule->want(0);
    CHECK(events_of(*rule) == range_order{read(0)});
    CHECK(rule->refusal_to_read(2) == core::errc::none);
    CHECK(rule->refusal_to_read(4) == core::errc::not_ready);
    rule->want(2); // by the first of its trainers that has done its part of turn 0
    CHECK(events_of(*rule).empty());
    rule->bring(0);
    const auto events = events_of(*rule);
    CHECK(events.back() == read(2));
  }
}

TEST_CASE("the staleness of ssp is never exceeded, and is reached",
          "[actors][consistency]") {
  constexpr std::uint64_t per_epoch = 997;
  constexpr std::uint64_t steps = 101 * per_epoch; // more than 100,000
  for (const std::uint32_t workers : {1, 2, 4, 7})
    for (const std::uint64_t staleness : {0, 1, 3}) {
      INFO(workers << " workers, staleness " << staleness);
      const auto chosen = options(consistency_kind::ssp, workers, staleness);
      const clocks time{chosen, per_epoch};
      const auto rule = make_rule(chosen, time);
      const auto order =
        simulated_workers{time, workers * 10 + staleness}.run(*rule, steps);
      CHECK(is_complete(order, 0, steps));
      CHECK(furthest_ahead(order, time) == (workers == 1 ? 0 : staleness));
    }
}

TEST_CASE("asp has no such bound", "[actors][consistency]") {
  const auto chosen = options(consistency_kind::asp, 4);
  const clocks time{chosen, 997};
  const auto rule = make_rule(chosen, time);
  const auto order = simulated_workers{time, 1}.run(*rule, 20 * 997);
  CHECK(is_complete(order, 0, 20 * 997));
  CHECK(furthest_ahead(order, time) > 3);
}

TEST_CASE("an order is repeated whatever the workers' pace", "[actors][consistency]") {
  for (const auto each : {consistency_kind::ssp, consistency_kind::asp}) {
    const auto chosen = options(each, 3, 2);
    const clocks time{chosen, 100};
    const auto rule = make_rule(chosen, time);
    const auto order = simulated_workers{time, 1}.run(*rule, 5000);
    const auto again = make_rule(order, time);
    CHECK(simulated_workers{time, 2}.run(*again, 5000) == order);
    // Another pace alone would have made another order.
    const auto other = make_rule(chosen, time);
    CHECK(simulated_workers{time, 2}.run(*other, 5000) != order);
    CHECK(again->refusal_to_read(5000) == core::errc::not_ready);
  }
}

TEST_CASE("an order is repeated from a cut", "[actors][consistency]") {
  const auto chosen = options(consistency_kind::asp, 2);
  const clocks time{chosen, 4};
  const range_order order{read(1), apply(1), read(0),  apply(0),
                          read(2), read(3),  apply(3), apply(2)};
  const auto rule = make_rule(order, time);
  rule->begin(2);
  rule->want(3);
  CHECK(events_of(*rule).empty());
  rule->want(2);
  CHECK(events_of(*rule) == range_order{read(2), read(3)});
  rule->bring(2);
  CHECK(events_of(*rule).empty());
  rule->bring(3);
  CHECK(events_of(*rule) == range_order{apply(3), apply(2)});
}

TEST_CASE("an order is complete if each turn is read, then applied, once",
          "[actors][consistency]") {
  CHECK(is_complete({read(3), read(4), apply(4), apply(3)}, 3, 5));
  CHECK_FALSE(is_complete({read(3), apply(3)}, 3, 5));
  CHECK_FALSE(is_complete({apply(3), read(3)}, 3, 4));
  CHECK_FALSE(is_complete({read(3), apply(3), apply(3)}, 3, 4));
  CHECK_FALSE(is_complete({read(2), apply(2)}, 3, 4));
  CHECK(unpacked(packed({read(3), apply(70000)}))
        == range_order{read(3), apply(70000)});
}

TEST_CASE("staleness counts what was applied in between", "[actors][consistency]") {
  CHECK(staleness_in({read(0), read(1), apply(0), read(2), apply(2), apply(1)})
        == std::map<std::uint64_t, std::uint64_t>{{0, 2}, {2, 1}});
}
