#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"

namespace souk::models::kernels {

/// Rows of logits are padded to a multiple of this many floats.
constexpr std::size_t row_alignment = 16;

/// Returns the stride of rows of `columns` floats.
constexpr std::size_t padded(std::size_t columns) {
  return (columns + row_alignment - 1) / row_alignment * row_alignment;
}

/// What the logits of some items, a part of all, add to a user's softmax.
struct softmax_part {
  float maximum = 0;   ///< of the logits
  float sum = 0;       ///< of e^(logit - maximum)
  double observed = 0; ///< sum of logit - maximum over the user's items in the part
};

/// Adds the bias, [part], to a part's logits and replaces each by e^(logit - maximum).
/// `items` are the user's in this part, whose first item is `first`. The row has room
/// for padded(part) floats; what lies beyond the part becomes zero.
softmax_part exponentiate_part(float* logits,
                               core::span<const float> bias,
                               core::span<const core::item_id> items,
                               core::item_id first);

/// Turns what `exponentiate_part` left, [size], into a gradient, in place: factor times
/// it, minus `weight` at the user's items.
void differentiate_part(float* exponentials,
                        std::size_t size,
                        core::span<const core::item_id> items,
                        core::item_id first,
                        float factor,
                        float weight);

/// Turns a row of logits into the gradient of its multinomial likelihood, in place, and
/// returns the negative log-likelihood, in nats.
///
/// For logits l + bias, both [num_items], and the items x of a user (after Liang et
/// al., WWW 2018, section 2.2): returns -sum over x of log_softmax(l + bias)[x] and
/// leaves weight * (|x| softmax(l + bias) - x). A user without items yields 0 and
/// zeros. The row has room for padded(num_items) floats; what lies beyond num_items is
/// overwritten.
double multinomial_likelihood(float* logits,
                              core::span<const float> bias,
                              core::span<const core::item_id> items,
                              float weight);

} // namespace souk::models::kernels
