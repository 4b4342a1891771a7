#include "sim/search.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

struct found_item {
  double score;
  double popularity;
  core::item_id item;
};

bool better(const found_item& a, const found_item& b) {
  if (a.score != b.score)
    return a.score > b.score;
  if (a.popularity != b.popularity)
    return a.popularity > b.popularity;
  return a.item < b.item;
}

double inverse_document_frequency(std::size_t all, std::size_t with_term) {
  const auto without = static_cast<double>(all - with_term);
  return core::portable::log(
    1 + (without + 0.5) / (static_cast<double>(with_term) + 0.5));
}

/// Returns what one occurrence of a term counts in each item's text: less in a long
/// one.
std::vector<double> weights_by_length(const catalogue& items,
                                      const search_options& options) {
  const auto mean = static_cast<double>(items.item_terms.size())
                    / std::max(1.0, static_cast<double>(items.num_items));
  std::vector<double> weights;
  for (core::item_id item = 0; item < items.num_items; ++item) {
    const auto length = static_cast<double>(items.terms_of(item).size()) / mean;
    weights.push_back((options.k1 + 1)
                      / (1 + options.k1 * (1 - options.b + options.b * length)));
  }
  return weights;
}

} // namespace

search_engine::search_engine(const catalogue& items, const search_options& options)
  : num_terms_{static_cast<std::uint32_t>(items.terms.size())} {
  std::vector<std::vector<core::item_id>> by_term(num_terms_);
  for (core::item_id item = 0; item < items.num_items; ++item)
    for (const auto term : items.terms_of(item))
      by_term[term].push_back(item);
  const auto weights = weights_by_length(items, options);
  const auto num_categories = static_cast<std::uint32_t>(items.category_names.size());
  for (std::uint32_t category = 0; category < num_categories; ++category) {
    queries_.push_back(items.terms[category]);
    add_results(items, weights, by_term, category, core::no_code, options.results);
    for (std::uint32_t second = 0; second < num_terms_; ++second) {
      queries_.push_back(items.terms[category] + " " + items.terms[second]);
      add_results(items, weights, by_term, category, second, options.results);
    }
  }
}

void search_engine::add_results(const catalogue& items,
                                const std::vector<double>& weights,
                                const std::vector<std::vector<core::item_id>>& by_term,
                                std::uint32_t category,
                                std::uint32_t second,
                                std::size_t most) {
  std::vector<found_item> found;
  const auto& first = by_term[category];
  const auto first_score = inverse_document_frequency(items.num_items, first.size());
  for (const auto item : first)
    found.push_back({first_score * weights[item], items.popularity[item], item});
  if (second != core::no_code && second != category) {
    const auto& others = by_term[second];
    const auto score = inverse_document_frequency(items.num_items, others.size());
    for (const auto item : others) {
      // `first` ascends, and its items stand at the front in the same order.
      const auto place = std::lower_bound(first.begin(), first.end(), item);
      if (place != first.end() && *place == item)
        found[static_cast<std::size_t>(place - first.begin())].score +=
          score * weights[item];
      else
        found.push_back({score * weights[item], items.popularity[item], item});
    }
  }
  const auto count = std::min(most, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count),
                    found.end(), better);
  for (std::size_t i = 0; i < count; ++i)
    results_.push_back(found[i].item);
  const auto start = sorted_.size();
  sorted_.insert(sorted_.end(), results_.end() - static_cast<std::ptrdiff_t>(count),
                 results_.end());
  std::sort(sorted_.begin() + static_cast<std::ptrdiff_t>(start), sorted_.end());
  offsets_.push_back(results_.size());
}

std::uint32_t search_engine::query(std::uint32_t category, std::uint32_t second) const {
  return category * (num_terms_ + 1) + (second == core::no_code ? 0 : second + 1);
}

core::span<const core::item_id> search_engine::results(std::uint32_t query) const {
  return {results_.data() + offsets_[query], offsets_[query + 1] - offsets_[query]};
}

core::span<const core::item_id>
search_engine::sorted_results(std::uint32_t query) const {
  return {sorted_.data() + offsets_[query], offsets_[query + 1] - offsets_[query]};
}

std::uint32_t write_query(const search_engine& engine,
                          const catalogue& items,
                          const search_options& options,
                          core::item_id wanted,
                          core::item_id somewhere_else,
                          const core::draw_site& site,
                          std::uint32_t first_index) {
  const auto category = items.category[wanted];
  if (core::uniform(site, first_index) >= options.second_term)
    return engine.query(category, core::no_code);
  const auto mistaken = core::uniform(site, first_index + 1) < options.noise;
  const auto terms = items.terms_of(mistaken ? somewhere_else : wanted);
  const auto pick = core::uniform(site, first_index + 2);
  const auto place = static_cast<std::size_t>(pick * static_cast<double>(terms.size()));
  const auto second = terms[place];
  return engine.query(category, second == category ? core::no_code : second);
}

} // namespace souk::sim
