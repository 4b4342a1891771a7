#pragma once

#include "core/errc.hpp"
#include "core/error.hpp"

#include <caf/error.hpp>
#include <caf/local_actor.hpp>

#include <chrono>
#include <exception>
#include <string>

namespace souk::actors {

/// How long control messages may take between processes.
constexpr auto control_timeout = std::chrono::seconds{60};

/// How long a step, a validation or a tick may take; dead peers are noticed by
/// heartbeats long before.
constexpr auto work_timeout = std::chrono::minutes{30};

/// Makes an error of ours with a text.
caf::error refusal(core::errc code, const std::string& text);

/// Says in words what an error is, whoever made it.
std::string describe(const caf::error& reason);

/// Returns it as an exception, about `whom`: of the request where the run and a process
/// do not fit each other, since the same again would not help.
core::error error_of(const caf::error& reason, const std::string& whom);

/// Turns an exception into an error that carries its text: the exception handler that
/// all actors share.
caf::error failure_of(std::exception_ptr& thrown);

/// Gives an actor that handler.
template <class Self>
void share_exception_handler(Self* self) {
  self->set_exception_handler(
    [](std::exception_ptr& thrown) { return failure_of(thrown); });
}

} // namespace souk::actors
