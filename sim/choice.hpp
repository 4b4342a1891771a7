#pragma once

#include "core/random.hpp"
#include "core/span.hpp"
#include "sim/attention.hpp"
#include "sim/options.hpp"

#include <cstdint>

namespace souk::sim {

/// Which of the items looked at is opened, if any. A weight is e^utility.
///
/// `multinomial_logit`: any of them by chance, or none (McFadden 1974). `greedy`: the
/// one of the highest weight, unless leaving weighs more.
class choice {
public:
  explicit choice(const choice_options& options);

  /// Writes the weights of utilities; both have the same length.
  void weigh(core::span<const float> utilities, core::span<double> weights) const;

  /// Draws which of the first `depth` items is opened; `depth` stands for none.
  ///
  /// Every item runs an exponential race under its own number, which the lightest time
  /// wins: item i with the chance weight_i over the sum of weights. An item's time is
  /// the same wherever in a slate it stands (common random numbers).
  std::uint32_t choose(core::span<const double> weights,
                       core::span<const std::uint32_t> items,
                       std::uint32_t depth,
                       const core::draw_site& site) const;

  /// Returns the chance that any of the items is opened, over what is looked at and
  /// what is chosen: the expected value of a slate.
  double expected_value(const attention& eyes, core::span<const double> weights) const;

  double outside_weight() const {
    return outside_weight_;
  }

private:
  std::uint32_t best_of(core::span<const double> weights, std::uint32_t depth) const;

  bool greedy_;
  double outside_weight_;
};

} // namespace souk::sim
