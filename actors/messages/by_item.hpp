#pragma once

#include "actors/messages/training.hpp"

#include <vector>

/// How a step travels where items have owners (training.placement: by_item). Tickets
/// name the step; what they stand for is in models/item_messages.hpp.
namespace souk::messages {

/// Hands an owner the rows of a step, as far as they are its items'.
struct encode_items {
  core::tensor_ticket rows;
};

/// Hands an owner what the last layer sees.
struct compare_items {
  core::tensor_ticket hidden;
};

/// Hands an owner what all logits came to, by row.
struct differentiate_items {
  core::tensor_ticket scales;
};

/// Hands an owner the gradient by the first layer's sums.
struct update_items {
  core::tensor_ticket gradients;
};

/// An owner's part of a sum over all items: of the first layer, of the softmax, of the
/// gradient by the hidden layer. Valid until the same one of the next step.
struct partial_ready {
  core::tensor_ticket partial;
};

/// Tells that the step is applied to the owner's items.
struct items_updated {
  core::version_t version = 0;
};

/// Owns ranges of items: their parameters and moments. Takes a step's messages in the
/// order in which they stand here; to a coordinator it is a parameter server.
using item_server_actor = parameter_server_actor::extend<
  // All fail with `stale_gradient` for an applied step, with `old_generation` for what
  // was made before the membership changed, with `not_ready` out of order, with
  // `corrupt_payload`, or what the bulk exchange says.
  caf::replies_to<encode_items>::with<partial_ready>,
  caf::replies_to<compare_items>::with<partial_ready>,
  caf::replies_to<differentiate_items>::with<partial_ready>,
  caf::replies_to<update_items>::with<items_updated>>;

template <class Inspector>
auto inspect(Inspector& f, encode_items& x) {
  return f(caf::meta::type_name("encode_items"), x.rows);
}

template <class Inspector>
auto inspect(Inspector& f, compare_items& x) {
  return f(caf::meta::type_name("compare_items"), x.hidden);
}

template <class Inspector>
auto inspect(Inspector& f, differentiate_items& x) {
  return f(caf::meta::type_name("differentiate_items"), x.scales);
}

template <class Inspector>
auto inspect(Inspector& f, update_items& x) {
  return f(caf::meta::type_name("update_items"), x.gradients);
}

template <class Inspector>
auto inspect(Inspector& f, partial_ready& x) {
  return f(caf::meta::type_name("partial_ready"), x.partial);
}

template <class Inspector>
auto inspect(Inspector& f, items_updated& x) {
  return f(caf::meta::type_name("items_updated"), x.version);
}

} // namespace souk::messages
