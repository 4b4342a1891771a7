#include "sim/catalogue.hpp"

namespace souk::sim {

core::span<const std::uint32_t> catalogue::terms_of(core::item_id item) const {
  return {item_terms.data() + term_offsets[item],
          term_offsets[item + 1] - term_offsets[item]};
}

core::attribute_table attributes_of(const catalogue& items) {
  core::attribute_table table;
  table.num_rows = items.num_items;
  core::attribute_column category;
  category.name = "category";
  category.vocabulary = items.category_names;
  category.codes = items.category;
  table.columns.push_back(std::move(category));
  if (!items.brand_names.empty()) {
    core::attribute_column brand;
    brand.name = "brand";
    brand.vocabulary = items.brand_names;
    brand.codes = items.brand;
    table.columns.push_back(std::move(brand));
  }
  core::attribute_column price;
  price.name = "price";
  price.kind = core::attribute_kind::number;
  for (const auto cents : items.price_cents)
    price.numbers.push_back(cents / 100.0);
  table.columns.push_back(std::move(price));
  core::attribute_column keywords;
  keywords.name = "keywords";
  keywords.kind = core::attribute_kind::categories;
  keywords.vocabulary = items.terms;
  keywords.codes = items.item_terms;
  keywords.offsets = items.term_offsets;
  table.columns.push_back(std::move(keywords));
  return table;
}

} // namespace souk::sim
