#pragma once

#include "core/bulk_address.hpp"
#include "core/tensor_ticket.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <vector>

namespace souk::messages {

/// Asks this process's bulk actor to bring the bytes behind a ticket into the process.
struct fetch_tensor {
  core::tensor_ticket ticket;
};

/// Answers `fetch_tensor`: the process's exchange now holds them.
struct tensor_arrived {
  core::tensor_ticket ticket;
};

/// Asks whose tensors could not be had since the last time that it was asked.
struct get_unreachable {};

/// Answers `get_unreachable`, by process number.
struct unreachable_processes {
  std::vector<std::uint32_t> processes; ///< ascending
};

/// Brings tensors into its process; there is one in each. The bytes themselves never
/// travel in messages (`actors/bulk/`).
using bulk_actor = caf::typed_actor<
  // Fails with `unknown_ticket`, `too_large`, `corrupt_payload`, or `failed` when their
  // owner is gone.
  caf::replies_to<fetch_tensor>::with<tensor_arrived>,
  caf::replies_to<get_unreachable>::with<unreachable_processes>>;

} // namespace souk::messages

namespace souk::core {

template <class Inspector>
auto inspect(Inspector& f, tensor_ticket& x) {
  return f(caf::meta::type_name("tensor_ticket"), x.run, x.generation, x.process,
           x.step, x.block, x.range, x.version, x.length, x.kind);
}

template <class Inspector>
auto inspect(Inspector& f, bulk_address& x) {
  return f(caf::meta::type_name("bulk_address"), x.host, x.port, x.local);
}

} // namespace souk::core

namespace souk::messages {

template <class Inspector>
auto inspect(Inspector& f, fetch_tensor& x) {
  return f(caf::meta::type_name("fetch_tensor"), x.ticket);
}

template <class Inspector>
auto inspect(Inspector& f, tensor_arrived& x) {
  return f(caf::meta::type_name("tensor_arrived"), x.ticket);
}

template <class Inspector>
auto inspect(Inspector& f, get_unreachable&) {
  return f(caf::meta::type_name("get_unreachable"));
}

template <class Inspector>
auto inspect(Inspector& f, unreachable_processes& x) {
  return f(caf::meta::type_name("unreachable_processes"), x.processes);
}

} // namespace souk::messages
