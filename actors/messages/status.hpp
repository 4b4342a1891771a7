#pragma once

#include "actors/messages/work.hpp"
#include "core/run_status.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace souk::messages {

/// Asks a run what it is doing.
struct get_status {};

/// Tells what a run is doing, and cannot do anything to it.
using status_actor =
  caf::typed_actor<caf::replies_to<get_status>::with<core::run_status>>;

template <class Inspector>
auto inspect(Inspector& f, get_status&) {
  return f(caf::meta::type_name("get_status"));
}

} // namespace souk::messages

namespace souk::core {

template <class Inspector>
auto inspect(Inspector& f, role_status& x) {
  return f(caf::meta::type_name("role_status"), x.role, x.process, x.restarts, x.work,
           x.times_slower);
}

template <class Inspector>
auto inspect(Inspector& f, run_status& x) {
  return f(caf::meta::type_name("run_status"), x.directory, x.task, x.detail, x.unit,
           x.done, x.total, x.units_per_second, x.epoch, x.generation, x.processes,
           x.roles, x.checkpoints_written, x.checkpoints_failed);
}

} // namespace souk::core
