#pragma once

#include "actors/failure.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>

namespace souk::actors {

/// Sends a request from outside the actors and waits for the reply. Throws
/// `core::error` with `whom` and the text of whatever the actor refused or broke.
template <class Reply, class Handle, class Request>
Reply ask(caf::actor_system& system,
          const Handle& actor,
          Request request,
          const std::string& whom) {
  Reply answer;
  caf::scoped_actor self{system};
  self->request(actor, control_timeout, std::move(request))
    .receive([&](Reply& reply) { answer = std::move(reply); },
             [&](caf::error& reason) { throw error_of(reason, whom); });
  return answer;
}

/// Sends a request from outside the actors; the reply, or `core::error` as above, comes
/// in its own time. An actor that is gone, or whose process is, is an error.
template <class Reply, class Handle, class Request>
std::future<Reply> ask_later(caf::actor_system& system,
                             const Handle& actor,
                             Request request,
                             const std::string& whom) {
  auto promise = std::make_shared<std::promise<Reply>>();
  auto answer = promise->get_future();
  // The request is an argument because CAF's spawn is undefined behaviour without one.
  const auto asker = [=](caf::event_based_actor* self, const Request& question) {
    const auto fail = [=](const caf::error& reason) {
      promise->set_exception(std::make_exception_ptr(error_of(reason, whom)));
      self->quit();
    };
    // A request to a process that is gone never returns, not even as an error.
    self->monitor(actor);
    self->set_down_handler([=](const caf::down_msg& down) { fail(down.reason); });
    self->request(actor, caf::infinite, question)
      .then(
        [=](Reply& reply) {
          promise->set_value(std::move(reply));
          self->quit();
        },
        fail);
  };
  system.spawn(asker, std::move(request));
  return answer;
}

/// Waits for a long answer; `meanwhile` is called ten times a second until it is there,
/// and may throw.
template <class Reply, class Handle, class Request, class Meanwhile>
Reply ask_patiently(caf::actor_system& system,
                    const Handle& actor,
                    Request request,
                    const std::string& whom,
                    Meanwhile meanwhile) {
  auto answer = ask_later<Reply>(system, actor, std::move(request), whom);
  while (answer.wait_for(std::chrono::milliseconds{100}) != std::future_status::ready)
    meanwhile();
  return answer.get();
}

} // namespace souk::actors
