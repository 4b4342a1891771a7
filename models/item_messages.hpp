#pragma once

#include "core/span.hpp"
#include "models/autoencoder_middle.hpp"
#include "models/item_partition.hpp"
#include "models/packed_gradient.hpp"

#include <cstdint>
#include <vector>

/// What travels between those who own ranges of items and the one who computes what
/// lies between the items' layers, besides plain matrices.
namespace souk::models {

/// A batch as the owner of some items sees it.
struct item_rows {
  std::uint32_t batch_users = 0; ///< padding not counted
  /// By row, [rows + 1]: where its entries begin.
  std::vector<std::uint64_t> offsets{0};
  std::vector<core::item_id> items; ///< of the users, ascending within a row
  std::vector<std::uint8_t> kept;   ///< whether the input keeps it
  std::vector<float> values;        ///< [rows]: of each item that is kept
};

/// The words of a batch's rows, as far as they lie in a range of items. Rows are those
/// of a whole batch, in full.
packed_words pack(const item_rows& rows, const item_range& items);

/// Throws `error` unless the words are those of `num_rows` rows of these items.
item_rows
unpack_rows(packed_words words, std::size_t num_rows, const item_range& items);

/// The softmax of a row over some ranges of items. Numbers that travel.
struct row_softmax {
  double maximum = 0;  ///< of the logits
  double sum = 0;      ///< of e^(logit - maximum)
  double observed = 0; ///< sum of the logits of the user's items
};

/// Returns e^(maximum - highest) for a maximum that is not above: what a part's sum is
/// scaled by where `highest` is the maximum of more. What is no number stays none.
double share_of(double maximum, double highest);

/// Returns the softmax over the items of both.
row_softmax merged(const row_softmax& left, const row_softmax& right);

/// What a row's logits must know of all ranges to become their gradient:
/// factor * e^(logit - maximum), minus 1 / batch_users where the user has the item.
struct row_scale {
  double maximum = 0;
  double factor = 0; ///< 0 for a user without items: no gradient
};

/// Views such numbers as floats, and copies them back. The second throws `error` unless
/// there are exactly `count`.
template <class Numbers>
core::span<const float> as_floats(const std::vector<Numbers>& values) {
  return {reinterpret_cast<const float*>(values.data()),
          values.size() * (sizeof(Numbers) / sizeof(float))};
}

std::vector<row_softmax> softmaxes_of(core::span<const float> words, std::size_t count);
std::vector<row_scale> scales_of(core::span<const float> words, std::size_t count);

} // namespace souk::models
