#pragma once

#include "actors/messages/raw_vector.hpp"
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

/// Asks another process for a part of what it offers.
struct read_chunk {
  core::tensor_ticket ticket;
  std::uint64_t offset = 0; ///< bytes
  std::uint64_t length = 0; ///< bytes, at most `chunk_bytes_max`
};

/// Answers `read_chunk`.
struct tensor_chunk {
  std::uint64_t offset = 0; ///< bytes
  raw_vector<std::uint8_t> bytes;
};

constexpr std::uint64_t chunk_bytes_max = std::uint64_t{1} << 20;

/// Moves tensors between processes; there is one in each.
using bulk_actor = caf::typed_actor<
  // Fails with `unknown_ticket`, `too_large` or `corrupt_payload`.
  caf::replies_to<fetch_tensor>::with<tensor_arrived>,
  // Fails with `unknown_ticket`, or `too_large` for a part outside the bytes.
  caf::replies_to<read_chunk>::with<tensor_chunk>>;

} // namespace souk::messages

namespace souk::core {

template <class Inspector>
auto inspect(Inspector& f, tensor_ticket& x) {
  return f(caf::meta::type_name("tensor_ticket"), x.run, x.generation, x.process,
           x.step, x.block, x.range, x.version, x.length, x.checksum, x.kind);
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
auto inspect(Inspector& f, read_chunk& x) {
  return f(caf::meta::type_name("read_chunk"), x.ticket, x.offset, x.length);
}

template <class Inspector>
auto inspect(Inspector& f, tensor_chunk& x) {
  return f(caf::meta::type_name("tensor_chunk"), x.offset, x.bytes);
}

} // namespace souk::messages
