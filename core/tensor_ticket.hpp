#pragma once

#include "core/ids.hpp"

#include <cstdint>
#include <tuple>

namespace souk::core {

/// What the bytes behind a ticket are.
enum class tensor_kind : std::uint8_t {
  parameters,
  first_moments,
  second_moments,
  partial_sum,     ///< of a run of blocks' gradients
  packed_gradient, ///< of one block, compressed: words, as one run of the arena
  residual,        ///< what a block's compressed gradients have left out so far
  file,            ///< of the run: its bytes as words, as one run of the arena
  // Where items have owners (models/item_messages.hpp):
  item_rows,             ///< what an owner must know of a batch: words
  first_layer,           ///< sums over the items of some ranges
  hidden_layer,          ///< what the last layer sees
  softmaxes,             ///< over some ranges, by row
  row_scales,            ///< what makes logits a gradient, by row
  hidden_gradients,      ///< sums over the items of some ranges
  first_layer_gradients, ///< by the first layer's sums
  difference,            ///< of the parameters before and after a replica's steps
};

/// What a message carries instead of a tensor: enough to fetch the bytes from whoever
/// offers them, and to refuse them when they are old or too long.
struct tensor_ticket {
  std::uint64_t run = 0;        ///< of one training; differs after a resume
  std::uint32_t generation = 0; ///< of the cluster's membership
  std::uint32_t process = 0;    ///< who offers
  std::uint64_t step = 0;       ///< of a gradient
  std::uint32_t block = 0;      ///< (first) block of a gradient; 0 for parameters
  std::uint32_t range = 0;      ///< which part of the arena
  version_t version = 0;        ///< of the parameters that it holds or was made from
  std::uint64_t length = 0;     ///< bytes
  tensor_kind kind = tensor_kind::parameters;
};

/// The place that the bytes take: a newer offer in the same slot replaces the older.
inline auto slot_of(const tensor_ticket& ticket) {
  return std::tuple{ticket.run,  ticket.generation, ticket.process,
                    ticket.kind, ticket.range,      ticket.block};
}

/// Whether both tickets offer the same bytes.
inline bool same_bytes(const tensor_ticket& a, const tensor_ticket& b) {
  return slot_of(a) == slot_of(b)
         && std::tie(a.step, a.version, a.length)
              == std::tie(b.step, b.version, b.length);
}

} // namespace souk::core
