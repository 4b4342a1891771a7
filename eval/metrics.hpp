#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace souk::eval {

/// What a ranking is judged by. All look at the first k places of a slate.
enum class metric_kind {
  recall,    ///< hits / min(k, held-out items) (Liang et al., WWW 2018)
  precision, ///< hits / k
  ndcg,      ///< discounted gain 1 / log2(place + 1) over that of an ideal slate
  hit_rate,  ///< 1 if there is any hit
  mrr,       ///< 1 / place of the first hit, places from 1; 0 without a hit
  coverage,  ///< share of all items that are in somebody's slate
};

/// A metric with its cutoff, as in "ndcg@100".
struct metric {
  metric_kind kind = metric_kind::ndcg;
  std::size_t k = 100;

  /// Whether every user has a value. Coverage is one number of all users together.
  bool is_per_user() const {
    return kind != metric_kind::coverage;
  }
};

/// Reads "recall@20". Throws `error` of the request, saying what there is, for anything
/// else.
metric parse_metric(const std::string& text);

/// Reads several. Throws also if there is none, or one twice.
std::vector<metric> parse_metrics(const std::vector<std::string>& texts);

/// Returns the metric as it is written in files and reports.
std::string to_string(const metric& wanted);

/// Returns the largest cutoff: as long must slates be. 0 without metrics.
std::size_t longest_cutoff(const std::vector<metric>& metrics);

/// Judges one slate after the other by a metric; knows the discounts of its places.
class judge {
public:
  explicit judge(const metric& wanted);

  /// Returns a user's value, in [0, 1].
  ///
  /// `slate` is ranked best first and may be shorter than k, or end in `no_item`;
  /// `held_out` ascends and is not empty. The metric must be per user.
  double value(core::span<const core::item_id> slate,
               core::span<const core::item_id> held_out) const;

private:
  double discounted_gain(core::span<const core::item_id> slate,
                         core::span<const core::item_id> held_out) const;

  metric metric_;
  std::vector<double> discounts_; ///< [k], ndcg only
  std::vector<double> ideals_;    ///< [k + 1], gain of so many hits at the top
};

} // namespace souk::eval
