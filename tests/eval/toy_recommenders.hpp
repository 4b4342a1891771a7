#pragma once

#include "core/dataset.hpp"
#include "core/recommender.hpp"

#include <functional>
#include <string>
#include <vector>

namespace souk::eval {

/// What a toy may look at to score items for one row.
struct toy_row {
  core::span<const core::item_id> history;
  /// Code of the user's first attribute, `no_code` without one.
  std::uint32_t code = core::no_code;
};

/// Ranks by whatever scores a function gives, [num_items], by the rules that all
/// recommenders obey: excluded items do not appear, ties go to the lower item.
class toy_recommender : public core::recommender {
public:
  using scorer = std::function<std::vector<float>(const toy_row&)>;

  toy_recommender(std::string name, std::size_t num_items, scorer score);

  std::string name() const override {
    return name_;
  }

  std::size_t num_items() const override {
    return num_items_;
  }

  core::slates rank(const core::rank_request& request) const override;
  void score(const core::rank_request& request, core::span<float> out) const override;

private:
  std::vector<float> scores_of(const core::rank_request& request,
                               std::size_t row) const;
  void
  rank_row(const core::rank_request& request, std::size_t row, core::slates& out) const;

  std::string name_;
  std::size_t num_items_;
  scorer score_;
};

/// Scores every item alike for everybody.
toy_recommender always(std::string name, std::vector<float> scores);

/// Builds a matrix of so many items.
core::interactions matrix(std::uint32_t num_items,
                          const std::vector<std::vector<core::item_id>>& rows,
                          const std::vector<std::vector<core::time_ms>>& times = {});

/// Builds a table of one attribute with a code per user.
core::attribute_table segments(const std::vector<std::uint32_t>& codes);

} // namespace souk::eval
