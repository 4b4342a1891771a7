#include "sim/utility.hpp"

#include <algorithm>

namespace souk::sim {

utility_model::utility_model(const catalogue& items,
                             const choice_options& options,
                             const campaigns& sales)
  : items_{&items}, sales_{&sales}, novelty_days_{options.novelty_days} {
  const auto quality = static_cast<float>(options.quality);
  const auto popularity = static_cast<float>(options.popularity);
  for (core::item_id item = 0; item < items.num_items; ++item)
    base_.push_back(quality * items.quality[item] + popularity * items.appeal[item]);
  for (core::item_id item = 0; item < items.num_items; ++item)
    if (items.launch_day[item] > 0)
      launched_.push_back(item);
  transposed_.resize(items.vectors.size());
  for (core::item_id item = 0; item < items.num_items; ++item)
    for (std::uint32_t k = 0; k < items.dimensions; ++k)
      transposed_[static_cast<std::size_t>(k) * items.num_items + item] =
        items.vector_of(item)[k];
}

float utility_model::of(const shopper_view& shopper, core::item_id item) const {
  auto sum = base_[item];
  const auto vector = items_->vector_of(item);
  for (std::uint32_t k = 0; k < items_->dimensions; ++k)
    sum += shopper.direction[k] * vector[k];
  sum -= shopper.price_weight * items_->price_level[item];
  if (shopper.need != core::no_code)
    sum += items_->category[item] == shopper.need ? shopper.need_weight : 0.0F;
  if (shopper.brand != core::no_code)
    sum += items_->brand[item] == shopper.brand ? shopper.brand_weight : 0.0F;
  if (is_new(shopper, item))
    sum += shopper.novelty_weight;
  if (item == shopper.favourite)
    sum += shopper.favourite_weight;
  if (std::binary_search(shopper.wanted.begin(), shopper.wanted.end(), item))
    sum += shopper.wanted_weight;
  if (!sales_->reduced_items(shopper.day).empty())
    sum += shopper.price_weight * sales_->relief(item, shopper.day);
  return sum;
}

// The same additions in the same order as for one item, feature by feature, so that the
// compiler can take items side by side.
void utility_model::of_all(const shopper_view& shopper, core::span<float> out) const {
  const auto count = items_->num_items;
  auto* __restrict sums = out.data();
  for (core::item_id item = 0; item < count; ++item)
    sums[item] = base_[item];
  for (std::uint32_t k = 0; k < items_->dimensions; ++k) {
    const auto* column = transposed_.data() + static_cast<std::size_t>(k) * count;
    const auto weight = shopper.direction[k];
    for (core::item_id item = 0; item < count; ++item)
      sums[item] += weight * column[item];
  }
  const auto* level = items_->price_level.data();
  for (core::item_id item = 0; item < count; ++item)
    sums[item] -= shopper.price_weight * level[item];
  if (shopper.need != core::no_code) {
    const auto* category = items_->category.data();
    for (core::item_id item = 0; item < count; ++item)
      sums[item] += category[item] == shopper.need ? shopper.need_weight : 0.0F;
  }
  if (shopper.brand != core::no_code) {
    const auto* brand = items_->brand.data();
    for (core::item_id item = 0; item < count; ++item)
      sums[item] += brand[item] == shopper.brand ? shopper.brand_weight : 0.0F;
  }
  for (const auto item : launched_)
    if (is_new(shopper, item))
      sums[item] += shopper.novelty_weight;
  if (shopper.favourite != core::no_item)
    sums[shopper.favourite] += shopper.favourite_weight;
  for (const auto item : shopper.wanted)
    sums[item] += shopper.wanted_weight;
  for (const auto item : sales_->reduced_items(shopper.day))
    sums[item] += shopper.price_weight * sales_->relief(item, shopper.day);
}

bool utility_model::is_new(const shopper_view& shopper, core::item_id item) const {
  const auto launched = items_->launch_day[item];
  // Before its launch the difference wraps around, and an item is not new either.
  return launched > 0 && shopper.day - launched < novelty_days_;
}

} // namespace souk::sim
