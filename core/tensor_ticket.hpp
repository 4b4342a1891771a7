#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <tuple>

namespace souk::core {

/// What a message carries instead of a tensor: enough to fetch the bytes from whoever
/// offers them, and to refuse them when they are old, too long or damaged.
struct tensor_ticket {
  std::uint64_t run = 0;        ///< of one `souk run`; differs after a resume
  std::uint32_t generation = 0; ///< of the cluster's membership
  std::uint32_t process = 0;    ///< who offers
  std::uint64_t step = 0;
  std::uint32_t block = 0;    ///< first block of a partial sum; 0 for parameters
  std::uint32_t range = 0;    ///< which part of the arena
  version_t version = 0;      ///< of the parameters that it holds or was made from
  std::uint64_t length = 0;   ///< bytes
  std::uint64_t checksum = 0; ///< XXH3 of the bytes; 0 if they never leave the process
};

/// Names the bytes: two tickets with equal keys offer the same.
inline auto key_of(const tensor_ticket& ticket) {
  return std::tuple{ticket.run,   ticket.generation, ticket.process, ticket.step,
                    ticket.block, ticket.range,      ticket.version};
}

} // namespace souk::core
