#include "sim/generated_catalogue.hpp"

#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "sim/catalogue_draws.hpp"
#include "sim/catalogue_sites.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

/// How a vector's variance divides between department, category and the item itself.
constexpr double department_share = 0.3;
constexpr double category_share = 0.4;
constexpr double item_share = 0.3;

/// Categories and the brands within them have Zipf sizes of this exponent.
constexpr double size_exponent = 0.7;
constexpr std::uint32_t brands_per_category = 12;
constexpr std::uint32_t keywords_per_item = 3;
constexpr std::uint32_t keywords_per_category = 8;

const std::vector<std::string>& keyword_pool() {
  static const std::vector<std::string> pool = {
    "black",   "white",    "red",      "blue",    "green",    "grey",    "cotton",
    "leather", "steel",    "wooden",   "glass",   "wool",     "small",   "large",
    "slim",    "classic",  "sport",    "travel",  "wireless", "quiet",   "light",
    "soft",    "robust",   "foldable", "warm",    "organic",  "compact", "gift",
    "family",  "portable", "smart",    "handmade"};
  return pool;
}

/// Returns cumulative Zipf weights of ranks 0, 1, ..., ending in 1.
std::vector<double> cumulative_zipf(std::uint32_t count, double exponent) {
  std::vector<double> cumulative;
  auto sum = 0.0;
  for (std::uint32_t rank = 0; rank < count; ++rank)
    cumulative.push_back(sum += core::portable::pow(rank + 1.0, -exponent));
  for (auto& value : cumulative)
    value /= sum;
  return cumulative;
}

std::uint32_t place_in(const std::vector<double>& cumulative, double draw) {
  const auto above = std::upper_bound(cumulative.begin(), cumulative.end() - 1, draw);
  return static_cast<std::uint32_t>(above - cumulative.begin());
}

void draw_places(catalogue& items,
                 const catalogue_options& options,
                 std::uint64_t seed) {
  for (std::uint32_t i = 0; i < options.categories; ++i)
    items.category_names.push_back("category " + std::to_string(i + 1));
  for (std::uint32_t i = 0; i < options.brands; ++i)
    items.brand_names.push_back("brand " + std::to_string(i + 1));
  const auto sizes = cumulative_zipf(options.categories, size_exponent);
  const auto brands =
    cumulative_zipf(std::min(options.brands, brands_per_category), size_exponent);
  for (core::item_id item = 0; item < items.num_items; ++item) {
    items.names.push_back("item " + std::to_string(item + 1));
    const auto category =
      place_in(sizes, core::uniform(site_of(seed, item, catalogue_draw::place), 0));
    const auto brand =
      place_in(brands, core::uniform(site_of(seed, item, catalogue_draw::brand), 0));
    items.category.push_back(category);
    // Neighbouring categories share some of their brands.
    items.brand.push_back((category * 5 + brand) % options.brands);
  }
}

void draw_vectors(catalogue& items,
                  const catalogue_options& options,
                  std::uint64_t seed) {
  const auto per_dimension = 1 / std::sqrt(static_cast<double>(items.dimensions));
  items.vectors.reserve(static_cast<std::size_t>(items.num_items) * items.dimensions);
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto category = items.category[item];
    const auto department = category % options.departments;
    for (std::uint32_t k = 0; k < items.dimensions; ++k) {
      const auto value =
        std::sqrt(department_share)
          * core::normal(site_of_department(seed, department, catalogue_draw::vector),
                         k)
        + std::sqrt(category_share)
            * core::normal(site_of_category(seed, category, catalogue_draw::vector), k)
        + std::sqrt(item_share)
            * core::normal(site_of(seed, item, catalogue_draw::vector), k);
      items.vectors.push_back(static_cast<float>(per_dimension * value));
    }
  }
  // With few categories the draws' own mean square is not 1: make it so.
  auto square = 0.0;
  for (const auto value : items.vectors)
    square += static_cast<double>(value) * static_cast<double>(value);
  const auto scale = static_cast<float>(std::sqrt(items.num_items / square));
  for (auto& value : items.vectors)
    value *= scale;
}

void draw_popularity(catalogue& items,
                     const catalogue_options& options,
                     std::uint64_t seed) {
  const auto order =
    core::permutation(site_of_all(seed, catalogue_draw::rank), items.num_items);
  items.popularity.resize(items.num_items);
  auto sum = 0.0;
  for (std::uint32_t rank = 0; rank < items.num_items; ++rank)
    sum += items.popularity[order[rank]] = core::portable::pow(
      rank + 1.0 + options.popularity_shift, -options.popularity_exponent);
  for (auto& weight : items.popularity)
    weight /= sum;
}

void draw_terms(catalogue& items, std::uint64_t seed) {
  const auto& pool = keyword_pool();
  auto vocabulary = items.category_names;
  const auto first_brand = static_cast<std::uint32_t>(vocabulary.size());
  vocabulary.insert(vocabulary.end(), items.brand_names.begin(),
                    items.brand_names.end());
  const auto first_keyword = static_cast<std::uint32_t>(vocabulary.size());
  vocabulary.insert(vocabulary.end(), pool.begin(), pool.end());
  std::vector<std::vector<std::uint32_t>> by_item(items.num_items);
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto category = items.category[item];
    by_item[item] = {category, first_brand + items.brand[item]};
    const auto site = site_of(seed, item, catalogue_draw::keywords);
    for (std::uint32_t i = 0; i < keywords_per_item; ++i) {
      const auto word =
        category * 3
        + static_cast<std::uint32_t>(core::below(site, i, keywords_per_category));
      by_item[item].push_back(first_keyword
                              + word % static_cast<std::uint32_t>(pool.size()));
    }
  }
  fill_terms(items, std::move(vocabulary), std::move(by_item));
}

} // namespace

catalogue generate_catalogue(const simulation_options& options, std::uint64_t seed) {
  catalogue items;
  items.num_items = options.catalogue.items;
  items.dimensions = options.tastes.dimensions;
  draw_places(items, options.catalogue, seed);
  draw_vectors(items, options.catalogue, seed);
  draw_popularity(items, options.catalogue, seed);
  fill_appeal(items);
  draw_quality(items, options.catalogue, seed);
  draw_prices(items, options.catalogue, seed);
  draw_launches(items, options, seed);
  draw_terms(items, seed);
  return items;
}

} // namespace souk::sim
