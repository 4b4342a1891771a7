#pragma once

#include "core/run_status.hpp"

#include <caf/meta/type_name.hpp>

namespace souk::messages {

/// Asks what an actor did since it was last asked; answered by `core::work_counters`.
/// Whatever has a `work_account` may be asked.
struct get_work {};

template <class Inspector>
auto inspect(Inspector& f, get_work&) {
  return f(caf::meta::type_name("get_work"));
}

} // namespace souk::messages

namespace souk::core {

template <class Inspector>
auto inspect(Inspector& f, work_counters& x) {
  return f(caf::meta::type_name("work_counters"), x.compute_seconds, x.wait_seconds,
           x.send_seconds, x.apply_seconds, x.bytes_sent, x.bytes_received,
           x.queue_max);
}

} // namespace souk::core
