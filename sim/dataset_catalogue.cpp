#include "sim/dataset_catalogue.hpp"

#include "sim/catalogue_draws.hpp"

#include <cmath>

namespace souk::sim {

namespace {

constexpr std::size_t max_categories = 200;

bool has_codes(const core::attribute_column& column) {
  return column.kind == core::attribute_kind::category
         || column.kind == core::attribute_kind::categories;
}

/// Returns the attribute that says best what kind of thing an item is, or null.
const core::attribute_column* category_column(const core::attribute_table& items) {
  for (const auto* name : {"genres", "genre", "class", "category", "department"}) {
    const auto* column = items.find(name);
    if (column && has_codes(*column) && column->vocabulary.size() <= max_categories)
      return column;
  }
  for (const auto& column : items.columns)
    if (has_codes(column) && column.vocabulary.size() > 1
        && column.vocabulary.size() <= max_categories)
      return &column;
  return nullptr;
}

/// Takes categories from an attribute; an item's further values become terms.
void take_categories(catalogue& items,
                     const core::attribute_column& column,
                     const std::vector<core::item_id>& rows,
                     std::vector<std::vector<std::uint32_t>>& terms) {
  items.category_names = column.vocabulary;
  const auto other = static_cast<std::uint32_t>(items.category_names.size());
  items.category_names.push_back("other");
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto codes = column.codes_of(rows[item]);
    items.category.push_back(codes.empty() ? other : codes[0]);
    terms[item].assign(codes.begin(), codes.end());
    if (codes.empty())
      terms[item].push_back(other);
  }
}

/// Without attributes, items whose vectors point the same way are of a kind.
void cluster_by_direction(catalogue& items,
                          std::vector<std::vector<std::uint32_t>>& terms) {
  for (std::uint32_t k = 0; k < 2 * items.dimensions; ++k)
    items.category_names.push_back("kind " + std::to_string(k + 1));
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto vector = items.vector_of(item);
    std::uint32_t longest = 0;
    for (std::uint32_t k = 1; k < items.dimensions; ++k)
      if (std::abs(vector[k]) > std::abs(vector[longest]))
        longest = k;
    items.category.push_back(2 * longest + (vector[longest] < 0 ? 1U : 0U));
    terms[item] = {items.category.back()};
  }
}

/// Returns known prices by item; 0 where there is none.
std::vector<double> known_prices(const catalogue_source& source) {
  const auto& rows = source.split->items;
  std::vector<double> prices(rows.size());
  const auto* column = source.dataset->item_attributes.find("price");
  if (column && column->kind == core::attribute_kind::number) {
    for (std::size_t item = 0; item < rows.size(); ++item)
      prices[item] = column->numbers[rows[item]] > 0 ? column->numbers[rows[item]] : 0;
    return prices;
  }
  std::vector<double> sums(source.dataset->item_names.size());
  std::vector<double> counts(sums.size());
  for (const auto& event : source.dataset->events)
    if (event.price > 0) {
      sums[event.item] += static_cast<double>(event.price);
      counts[event.item] += 1;
    }
  for (std::size_t item = 0; item < rows.size(); ++item)
    if (counts[rows[item]] > 0)
      prices[item] = sums[rows[item]] / counts[rows[item]];
  return prices;
}

void count_popularity(catalogue& items, const core::interactions& training) {
  const auto counts = core::count_by_item(training);
  auto sum = 0.0;
  for (const auto count : counts)
    sum += count + 1.0;
  for (const auto count : counts)
    items.popularity.push_back((count + 1.0) / sum);
}

} // namespace

catalogue catalogue_of_dataset(const simulation_options& options,
                               const catalogue_source& source,
                               const taste_factors& factors,
                               std::uint64_t seed) {
  const auto& rows = source.split->items;
  catalogue items;
  items.num_items = static_cast<std::uint32_t>(rows.size());
  items.dimensions = factors.dimensions;
  items.vectors = factors.items;
  for (const auto row : rows)
    items.names.push_back(source.dataset->item_names[row]);
  std::vector<std::vector<std::uint32_t>> terms(rows.size());
  if (const auto* column = category_column(source.dataset->item_attributes))
    take_categories(items, *column, rows, terms);
  else
    cluster_by_direction(items, terms);
  items.brand.assign(items.num_items, core::no_code);
  count_popularity(items, source.split->training);
  fill_appeal(items);
  draw_quality(items, options.catalogue, seed);
  complete_prices(items, known_prices(source), options.catalogue, seed);
  draw_launches(items, options, seed);
  auto vocabulary = items.category_names;
  fill_terms(items, std::move(vocabulary), std::move(terms));
  return items;
}

} // namespace souk::sim
