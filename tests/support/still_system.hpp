#pragma once

#include "actors/messages/types.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>

#include <variant>

namespace souk::tests {

/// An actor system that stands still until a test tells it to move: one thread, no
/// network, no wall clock.
class still_system {
public:
  /// Delivers every pending message.
  void settle() {
    scheduler_.run();
  }

  /// Lets the clock of the actors go on, and delivers what is due then.
  void pass(caf::timespan time) {
    scheduler_.advance_time(time);
    settle();
  }

  /// Sends `request` and returns either the reply or the error it came back with.
  template <class Reply, class Handle, class Request>
  std::variant<Reply, caf::error> ask(const Handle& receiver, Request request) {
    std::variant<Reply, caf::error> answer;
    auto pending = self_->request(receiver, caf::infinite, std::move(request));
    settle();
    pending.receive([&](Reply& reply) { answer = std::move(reply); },
                    [&](caf::error& reason) { answer = std::move(reason); });
    return answer;
  }

  /// Sends without waiting for anything.
  template <class Handle, class Message>
  void tell(const Handle& receiver, Message message) {
    self_->send(receiver, std::move(message));
  }

  /// Ends an actor, so that the system can end.
  template <class Handle>
  void stop(const Handle& actor) {
    self_->send_exit(actor, caf::exit_reason::user_shutdown);
    settle();
  }

  caf::actor_system& operator*() {
    return system_;
  }

private:
  struct config : caf::actor_system_config {
    config() {
      set("scheduler.policy", caf::atom("testing"));
      add_message_types<caf::id_block::souk>();
    }
  };

  config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  caf::scheduler::test_coordinator& scheduler_ =
    dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
};

} // namespace souk::tests
