#pragma once

#include "core/ids.hpp"
#include "core/random.hpp"
#include "core/span.hpp"
#include "sim/catalogue.hpp"
#include "sim/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::sim {

/// The shop's search box: what can be typed, and what it finds.
///
/// A query is a category, alone or with a second term. Its number is the same in all
/// worlds of a run. Items are found by keyword and ranked by BM25 (Robertson & Zaragoza
/// 2009) over the catalogue's texts, in which a term stands once or not at all; of
/// equal scores the more popular item comes first, then the lower number.
class search_engine {
public:
  search_engine(const catalogue& items, const search_options& options);

  /// Returns the texts of all queries, by number.
  const std::vector<std::string>& queries() const {
    return queries_;
  }

  /// Returns the number of a query; `second` is a term's number or `no_code`.
  std::uint32_t query(std::uint32_t category, std::uint32_t second) const;

  /// Returns the category that a query names.
  std::uint32_t category_of(std::uint32_t query) const {
    return query / (num_terms_ + 1);
  }

  /// Returns the items found, best first: at most `search.results`.
  core::span<const core::item_id> results(std::uint32_t query) const;

  /// Returns the same items, ascending.
  core::span<const core::item_id> sorted_results(std::uint32_t query) const;

private:
  void add_results(const catalogue& items,
                   const std::vector<double>& weights,
                   const std::vector<std::vector<core::item_id>>& by_term,
                   std::uint32_t category,
                   std::uint32_t second,
                   std::size_t most);

  std::uint32_t num_terms_;
  std::vector<std::string> queries_;
  std::vector<std::uint64_t> offsets_{0};
  std::vector<core::item_id> results_;
  std::vector<core::item_id> sorted_;
};

/// Writes the query of a shopper who has an item in mind: its category and, with a
/// chance, another of its terms, or by mistake one of another item (`somewhere_else`).
/// Uses uniforms `first_index` and the two after it.
std::uint32_t write_query(const search_engine& engine,
                          const catalogue& items,
                          const search_options& options,
                          core::item_id wanted,
                          core::item_id somewhere_else,
                          const core::draw_site& site,
                          std::uint32_t first_index);

} // namespace souk::sim
