#include "actors/replayer.hpp"

#include "actors/failure.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <chrono>

// replayer                       profile_shard (each)              the model
//    | predict_events: its users'     |                                |
//    |  events of the window          |                                |
//    |------------------------------->| profiles: rows before events   |
//    |                                |------------------------------->| (a call)
//    |                                |<----------- slates ------------|
//    |<-- events_predicted: ranks ----|
//    |  merge in the log's order, tell the observer, next window
//
// Two windows are under way, so that no shard waits for the slowest of the others.

namespace souk::actors {

using namespace messages;

namespace {

constexpr std::size_t windows_max = 2;

/// Timers are set anew at least this often: a log may pause for years.
constexpr double longest_wait = 3600; // seconds

} // namespace

double replayer_state::due(std::size_t event, double now) const {
  if (options.speed == 0)
    return now;
  const auto passed = (*log)[event].time - log->front().time;
  return began
         + static_cast<double>(passed) / static_cast<double>(core::second_ms)
             / options.speed;
}

std::size_t replayer_state::end_of_window(double now) const {
  const auto most = std::min(next + options.batch * shards.size(), log->size());
  auto end = next;
  while (end < most && due(end, now) <= now)
    ++end;
  return end;
}

replay_window& replayer_state::open_window(std::size_t end, double now) {
  auto& window = windows.emplace_back();
  window.begin = next;
  window.end = end;
  window.places.resize(shards.size());
  for (auto event = next; event < end; ++event) {
    window.places[(*log)[event].user % shards.size()].push_back(event - next);
    window.due.push_back(due(event, now));
  }
  window.predictions.resize(end - next);
  window.latencies_ms.resize(end - next);
  window.missing = static_cast<std::size_t>(
    std::count_if(window.places.begin(), window.places.end(),
                  [](const auto& places) { return !places.empty(); }));
  next = end;
  return window;
}

predict_events replayer_state::request_to(std::size_t shard,
                                          const replay_window& window) const {
  predict_events request;
  for (const auto place : window.places[shard])
    request.events.values.push_back((*log)[window.begin + place]);
  return request;
}

void replayer_state::take(std::size_t window,
                          std::size_t shard,
                          const events_predicted& answer,
                          double now) {
  auto& taken = windows[window - finished];
  const auto& places = taken.places[shard];
  core::expects(answer.predictions.values.size() == places.size(),
                "a shard predicts every event that it is given");
  for (std::size_t i = 0; i < places.size(); ++i) {
    taken.predictions[places[i]] = answer.predictions.values[i];
    taken.latencies_ms[places[i]] =
      static_cast<float>((now - taken.due[places[i]]) * 1000);
  }
  --taken.missing;
  while (!windows.empty() && windows.front().missing == 0) {
    observer->predicted(windows.front().predictions, windows.front().latencies_ms);
    windows.pop_front();
    ++finished;
  }
}

namespace {

using self_pointer = replayer_actor::stateful_pointer<replayer_state>;

double now_of(self_pointer self) {
  const auto since = self->clock().now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

void fail(self_pointer self, const caf::error& reason) {
  if (self->state.promise.pending())
    self->state.promise.deliver(refusal(core::errc::failed, describe(reason)));
}

void walk(self_pointer self);

void give_out(self_pointer self, std::size_t end, double now) {
  auto& state = self->state;
  const auto number = state.finished + state.windows.size();
  const auto& window = state.open_window(end, now);
  for (std::size_t shard = 0; shard < state.shards.size(); ++shard) {
    if (window.places[shard].empty())
      continue;
    self->request(state.shards[shard], work_timeout, state.request_to(shard, window))
      .then(
        [self, number, shard](const events_predicted& answer) {
          self->state.take(number, shard, answer, now_of(self));
          walk(self);
        },
        [self](const caf::error& reason) { fail(self, reason); });
  }
}

void wait_for_next(self_pointer self, double now) {
  auto& state = self->state;
  if (std::exchange(state.is_waiting, true))
    return;
  const auto seconds = std::min(state.due(state.next, now) - now, longest_wait);
  // Rounded up: at the rounded-down moment the event would not be due yet.
  const auto delay = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::duration<double>{seconds})
                     + std::chrono::microseconds{1};
  self->delayed_send(self, delay, walk_on{});
}

void walk(self_pointer self) {
  auto& state = self->state;
  while (!state.is_over() && state.windows.size() < windows_max) {
    const auto now = now_of(self);
    const auto end = state.end_of_window(now);
    if (end == state.next)
      return wait_for_next(self, now);
    give_out(self, end, now);
  }
  if (state.is_over() && state.windows.empty() && state.promise.pending())
    state.promise.deliver(replay_finished{state.next});
}

} // namespace

replayer_actor::behavior_type replayer(self_pointer self,
                                       replayer_options options,
                                       replay_log log,
                                       std::vector<profile_shard_actor> shards,
                                       replay_observer* observer) {
  self->set_exception_handler([self](std::exception_ptr& thrown) {
    auto reason = failure_of(thrown);
    fail(self, reason);
    return reason;
  });
  core::expects(!shards.empty() && options.batch > 0 && options.speed >= 0,
                "a replay has shards, batches of events, and a direction");
  auto& state = self->state;
  state.options = options;
  state.log = std::move(log);
  state.shards = std::move(shards);
  state.observer = observer;
  return {
    [self](const run_replay&) -> caf::result<replay_finished> {
      self->state.promise = self->make_response_promise<replay_finished>();
      auto promise = self->state.promise;
      self->state.began = now_of(self);
      walk(self);
      return promise;
    },
    [self](const stop_replay&) {
      self->state.is_stopped = true;
      walk(self);
    },
    [self](const walk_on&) {
      self->state.is_waiting = false;
      walk(self);
    },
    [self](const role_died& died) {
      fail(self, refusal(core::errc::failed, died.role + " is gone: " + died.reason));
    },
  };
}

} // namespace souk::actors
