#pragma once

#include "core/attributes.hpp"
#include "core/ids.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::sim {

/// Everything for sale in a world, column by column; all columns are [num_items].
struct catalogue {
  std::uint32_t num_items = 0;
  std::uint32_t dimensions = 0;
  std::vector<std::string> names;
  std::vector<std::string> category_names;
  std::vector<std::string> brand_names;
  std::vector<std::uint32_t> category;   ///< the item's first or only one
  std::vector<std::uint32_t> brand;      ///< `no_code` where unknown
  std::vector<std::int32_t> price_cents; ///< per unit, at least 1
  std::vector<float> price_level; ///< log price, standardised within the category
  std::vector<float> quality;     ///< standard normal
  std::vector<float> appeal;      ///< log popularity, standardised
  std::vector<double> popularity; ///< weights that sum to 1
  std::vector<std::uint32_t> launch_day; ///< 0 = there from the start
  std::vector<float> vectors; ///< [num_items, dimensions], of mean square length 1

  /// What texts are made of; the first terms are the categories, in their order.
  std::vector<std::string> terms;
  std::vector<std::uint64_t> term_offsets; ///< [num_items + 1]
  std::vector<std::uint32_t> item_terms;   ///< all items' terms, ascending within each

  core::span<const float> vector_of(core::item_id item) const {
    return {vectors.data() + static_cast<std::size_t>(item) * dimensions, dimensions};
  }

  core::span<const std::uint32_t> terms_of(core::item_id item) const;
};

/// Returns what a recommender may know of the items: category, brand (where there are
/// any), price and keywords.
core::attribute_table attributes_of(const catalogue& items);

} // namespace souk::sim
