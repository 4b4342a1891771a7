#pragma once

#include "core/recommender.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace souk::sim {

/// Scores items alike for everybody, up to normal noise where a draw from its posterior
/// is wanted, and takes notes of what it was asked.
class scored_model : public core::recommender {
public:
  explicit scored_model(std::vector<float> scores, double deviation = 0)
    : scores_{std::move(scores)}, deviation_{deviation} {
    // nop
  }

  std::string name() const override {
    return "scored";
  }

  std::size_t num_items() const override {
    return scores_.size();
  }

  bool has_posterior() const override {
    return deviation_ > 0;
  }

  void score(const core::rank_request& request, core::span<float> out) const override {
    history = *request.history;
    for (std::size_t row = 0; row < request.history->num_rows(); ++row) {
      auto* place = out.data() + row * num_items();
      for (core::item_id item = 0; item < num_items(); ++item) {
        place[item] = scores_[item];
        if (request.posterior != nullptr)
          place[item] += static_cast<float>(
            deviation_ * core::normal((*request.posterior)[row], item));
      }
      for (core::item_id item = 0; item < num_items(); ++item)
        if (!may_appear(request, row, item))
          place[item] = -std::numeric_limits<float>::infinity();
    }
  }

  core::slates rank(const core::rank_request& request) const override {
    const auto rows = request.history->num_rows();
    std::vector<float> scores(rows * num_items());
    score(request, scores);
    core::slates answer;
    answer.slate_size = request.slate_size;
    std::vector<core::item_id> items(num_items());
    for (std::size_t row = 0; row < rows; ++row) {
      const auto* place = scores.data() + row * num_items();
      std::iota(items.begin(), items.end(), 0U);
      std::stable_sort(items.begin(), items.end(),
                       [&](auto a, auto b) { return place[a] > place[b]; });
      for (std::size_t j = 0; j < request.slate_size; ++j) {
        const auto there = j < items.size() && std::isfinite(place[items[j]]);
        answer.items.push_back(there ? items[j] : core::no_item);
        answer.scores.push_back(there ? place[items[j]]
                                      : -std::numeric_limits<float>::infinity());
      }
    }
    return answer;
  }

  mutable core::interactions history;

private:
  static bool has(core::span<const core::item_id> list, core::item_id item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  }

  static bool
  may_appear(const core::rank_request& request, std::size_t row, core::item_id item) {
    if (has(request.excluded->row(row), item))
      return false;
    if (request.assortments == nullptr)
      return true;
    const auto& assortment = (*request.assortments)[row];
    return !has(assortment.without, item)
           && (!assortment.only || has(*assortment.only, item));
  }

  std::vector<float> scores_;
  double deviation_;
};

/// Ranks by item number.
inline std::vector<float> falling_scores(std::size_t items) {
  std::vector<float> scores;
  for (std::size_t i = 0; i < items; ++i)
    scores.push_back(-static_cast<float>(i));
  return scores;
}

} // namespace souk::sim
