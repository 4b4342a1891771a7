#pragma once

#include "core/bulk_address.hpp"
#include "core/tensor_ticket.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>

namespace souk::messages {

/// Asks this process's bulk actor to bring the bytes behind a ticket into the process.
struct fetch_tensor {
  core::tensor_ticket ticket;
};

/// Answers `fetch_tensor`: the process's exchange now holds them.
struct tensor_arrived {
  core::tensor_ticket ticket;
};

/// Brings tensors into its process; there is one in each. The bytes themselves never
/// travel in messages (`actors/bulk/`).
using bulk_actor = caf::typed_actor<
  // Fails with `unknown_ticket`, `too_large`, `corrupt_payload`, or `failed` when their
  // owner is gone.
  caf::replies_to<fetch_tensor>::with<tensor_arrived>>;

} // namespace souk::messages

namespace souk::core {

template <class Inspector>
auto inspect(Inspector& f, tensor_ticket& x) {
  return f(caf::meta::type_name("tensor_ticket"), x.run, x.generation, x.process,
           x.step, x.block, x.range, x.version, x.length, x.checksum, x.kind);
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

} // namespace souk::messages
