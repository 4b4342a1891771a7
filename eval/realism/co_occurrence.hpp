#pragma once

#include "eval/realism/distances.hpp"
#include "eval/realism/visits.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace souk::eval::realism {

/// Which of the most popular items meet in sessions: the only pairs of items that are
/// common enough to be counted.
class co_occurrences {
public:
  static constexpr std::uint32_t num_items = 50;

  explicit co_occurrences(const visit_log& log);

  /// Returns the lift of each pair of the popular items, ascending: how many times more
  /// often both are in a session than if every session had as many of the popular items
  /// as it has, but drawn by their popularity. That large baskets have more of
  /// everything is thus no lift. Users count as often as the weights say.
  std::vector<double> lifts(const user_weights& weights) const;

  /// Returns how many sessions an average pair would share if independent: with few,
  /// lifts are noise.
  double expected_sessions() const;

private:
  std::vector<std::vector<std::uint32_t>> sessions_; ///< popular items of each
  std::vector<std::uint32_t> users_;                 ///< whose session it is
};

} // namespace souk::eval::realism
