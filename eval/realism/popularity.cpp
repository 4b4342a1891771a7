#include "eval/realism/popularity.hpp"

#include "core/portable_math.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace souk::eval::realism {

namespace {

std::uint64_t total_of(const rank_counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// A rank curve: linear between the points (i / items, share of the i most popular).
class rank_curve {
public:
  explicit rank_curve(const rank_counts& counts) : shares_{0} {
    const auto total = static_cast<double>(total_of(counts));
    std::uint64_t sum = 0;
    for (const auto count : counts)
      shares_.push_back(static_cast<double>(sum += count) / total);
  }

  std::size_t num_items() const {
    return shares_.size() - 1;
  }

  double at(double x) const {
    const auto place = x * static_cast<double>(num_items());
    const auto below = std::min(static_cast<std::size_t>(place), num_items() - 1);
    const auto part = place - static_cast<double>(below);
    return shares_[below] + part * (shares_[below + 1] - shares_[below]);
  }

private:
  std::vector<double> shares_;
};

} // namespace

rank_counts count_ranks(const visit_log& log, const user_weights& weights) {
  rank_counts counts(log.tenth.size());
  for (std::uint32_t user = 0; user < log.num_users(); ++user)
    for (auto v = log.offsets[user]; v < log.offsets[user + 1]; ++v)
      for (auto i = log.visits[v].first; i < log.visits[v].last; ++i)
        counts[log.events[i].item] += weights[user];
  std::sort(counts.begin(), counts.end(), std::greater<>{});
  counts.erase(std::find(counts.begin(), counts.end(), 0U), counts.end());
  return counts;
}

double curve_distance(const rank_counts& a, const rank_counts& b) {
  if (a.empty() || b.empty())
    return 0;
  const rank_curve ours{a};
  const rank_curve theirs{b};
  auto largest = 0.0;
  // Curves are linear between points: the largest difference is at a point of one.
  for (const auto* curve : {&ours, &theirs})
    for (std::size_t i = 1; i < curve->num_items(); ++i) {
      const auto x = static_cast<double>(i) / static_cast<double>(curve->num_items());
      largest = std::max(largest, std::fabs(ours.at(x) - theirs.at(x)));
    }
  return largest;
}

double tail_exponent(const rank_counts& counts) {
  const auto top = std::max<std::size_t>(10, counts.size() / 10);
  if (counts.size() <= top)
    return 0;
  const auto least = static_cast<double>(counts[top]);
  auto sum = 0.0;
  for (std::size_t i = 0; i < top; ++i)
    sum += core::portable::log(static_cast<double>(counts[i]) / least);
  return sum > 0 ? 1 + static_cast<double>(top) / sum : 0;
}

double gini(const rank_counts& counts) {
  if (counts.empty())
    return 0;
  const auto n = static_cast<double>(counts.size());
  auto sum = 0.0;
  // From the least popular (rank 1) on: 2 * rank - n - 1 weighs each count.
  for (std::size_t i = 0; i < counts.size(); ++i)
    sum += (n - 1 - 2 * static_cast<double>(i)) * static_cast<double>(counts[i]);
  return sum / (n * static_cast<double>(total_of(counts)));
}

double top_share(const rank_counts& counts, double share) {
  return total_of(counts) == 0 ? 0 : rank_curve{counts}.at(share);
}

double top_fifth_share(const rank_counts& counts) {
  return top_share(counts, 0.2);
}

} // namespace souk::eval::realism
