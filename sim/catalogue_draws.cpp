#include "sim/catalogue_draws.hpp"

#include "core/portable_math.hpp"
#include "core/random.hpp"
#include "sim/catalogue_sites.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

/// How much of an item's price level its quality explains, as a correlation.
constexpr double price_by_quality = 0.3;

std::int32_t to_cents(double price) {
  return static_cast<std::int32_t>(
    std::min(2e9, std::max(1.0, std::floor(price * 100 + 0.5))));
}

} // namespace

std::vector<float> standardised(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  auto mean = 0.0;
  for (const auto value : values)
    mean += value / count;
  auto variance = 0.0;
  for (const auto value : values)
    variance += (value - mean) * (value - mean) / count;
  // Rounding leaves a little variance in equal values.
  const auto scale = variance > 1e-20 ? 1 / std::sqrt(variance) : 0.0;
  std::vector<float> result;
  for (const auto value : values)
    result.push_back(static_cast<float>((value - mean) * scale));
  return result;
}

void fill_appeal(catalogue& items) {
  std::vector<double> logs;
  for (const auto weight : items.popularity)
    logs.push_back(core::portable::log(weight));
  items.appeal = standardised(logs);
}

void draw_quality(catalogue& items,
                  const catalogue_options& options,
                  std::uint64_t seed) {
  const auto shared = options.quality_by_popularity;
  const auto own = std::sqrt(1 - shared * shared);
  items.quality.clear();
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto z = core::normal(site_of(seed, item, catalogue_draw::quality), 0);
    items.quality.push_back(
      static_cast<float>(shared * static_cast<double>(items.appeal[item]) + own * z));
  }
}

void draw_prices(catalogue& items,
                 const catalogue_options& options,
                 std::uint64_t seed) {
  items.price_cents.clear();
  items.price_level.clear();
  const auto own = std::sqrt(1 - price_by_quality * price_by_quality);
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto site =
      site_of_category(seed, items.category[item], catalogue_draw::price);
    const auto median = core::portable::log(options.price_median)
                        + options.price_spread_between * core::normal(site, 0);
    const auto z = core::normal(site_of(seed, item, catalogue_draw::price), 0);
    const auto level =
      price_by_quality * static_cast<double>(items.quality[item]) + own * z;
    const auto price =
      core::portable::exp(median + options.price_spread_within * level);
    items.price_cents.push_back(to_cents(price));
    items.price_level.push_back(static_cast<float>(level));
  }
}

void complete_prices(catalogue& items,
                     const std::vector<double>& known,
                     const catalogue_options& options,
                     std::uint64_t seed) {
  draw_prices(items, options, seed);
  const auto num_categories = items.category_names.size();
  std::vector<std::vector<double>> logs(num_categories);
  for (core::item_id item = 0; item < items.num_items; ++item)
    if (known[item] > 0)
      logs[items.category[item]].push_back(core::portable::log(known[item]));
  std::vector<double> centre(num_categories);
  std::vector<double> spread(num_categories, options.price_spread_within);
  for (std::size_t category = 0; category < num_categories; ++category) {
    auto& values = logs[category];
    if (values.empty())
      continue;
    std::sort(values.begin(), values.end());
    centre[category] = values[values.size() / 2];
    auto square = 0.0;
    for (const auto value : values)
      square += (value - centre[category]) * (value - centre[category]);
    spread[category] =
      std::max(0.05, std::sqrt(square / static_cast<double>(values.size())));
  }
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto category = items.category[item];
    if (logs[category].empty())
      continue;
    if (known[item] > 0) {
      const auto level =
        (core::portable::log(known[item]) - centre[category]) / spread[category];
      items.price_level[item] = static_cast<float>(std::clamp(level, -3.0, 3.0));
      items.price_cents[item] = to_cents(known[item]);
    } else {
      const auto level = static_cast<double>(items.price_level[item]);
      items.price_cents[item] =
        to_cents(core::portable::exp(centre[category] + spread[category] * level));
    }
  }
}

void draw_launches(catalogue& items,
                   const simulation_options& options,
                   std::uint64_t seed) {
  items.launch_day.assign(items.num_items, 0);
  const auto launches = num_launches(options, items.num_items);
  const auto order =
    core::permutation(site_of_all(seed, catalogue_draw::launch_order), items.num_items);
  for (std::uint32_t i = 0; i < launches; ++i) {
    const auto site = site_of(seed, order[i], catalogue_draw::launch_day);
    items.launch_day[order[i]] =
      1 + static_cast<std::uint32_t>(core::below(site, 0, options.days - 1));
  }
}

void fill_terms(catalogue& items,
                std::vector<std::string> vocabulary,
                std::vector<std::vector<std::uint32_t>> terms_by_item) {
  const auto first_word = static_cast<std::uint32_t>(vocabulary.size());
  items.terms = std::move(vocabulary);
  items.terms.insert(items.terms.end(), {"cheap", "premium", "top rated"});
  items.term_offsets = {0};
  items.item_terms.clear();
  for (core::item_id item = 0; item < items.num_items; ++item) {
    auto& terms = terms_by_item[item];
    if (items.price_level[item] < -0.7F)
      terms.push_back(first_word);
    if (items.price_level[item] > 0.7F)
      terms.push_back(first_word + 1);
    if (items.quality[item] > 1.0F)
      terms.push_back(first_word + 2);
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    items.item_terms.insert(items.item_terms.end(), terms.begin(), terms.end());
    items.term_offsets.push_back(items.item_terms.size());
  }
}

} // namespace souk::sim
