#pragma once

#include "core/ids.hpp"
#include "core/random.hpp"
#include "core/span.hpp"

namespace souk::models::kernels {

/// What an encoder sees of a user: items with their values. Both parts have room for
/// all of the user's items.
struct input_row {
  core::item_id* items = nullptr;
  float* values = nullptr;
};

/// Writes a user's items as an L2-normalised row of which each item stays with
/// probability 1 - `rate` and is then scaled by 1 / (1 - rate) (Liang et al., WWW
/// 2018). Draw i decides about the user's item i. Returns how many stayed.
std::size_t drop_items(const core::draw_site& site,
                       double rate,
                       core::span<const core::item_id> items,
                       input_row out);

/// Writes a user's items as an L2-normalised row, as they are seen in evaluation.
void normalise_items(core::span<const core::item_id> items, input_row out);

} // namespace souk::models::kernels
