#include "sim/choice.hpp"

#include "core/ids.hpp"
#include "core/portable_math.hpp"
#include "sim/draws.hpp"

namespace souk::sim {

choice::choice(const choice_options& options)
  : greedy_{options.kind == "greedy"}, outside_weight_{
                                         core::portable::exp(options.outside)} {
  // nop
}

void choice::weigh(core::span<const float> utilities,
                   core::span<double> weights) const {
  for (std::size_t i = 0; i < utilities.size(); ++i)
    weights[i] = core::portable::exp(static_cast<double>(utilities[i]));
}

std::uint32_t choice::choose(core::span<const double> weights,
                             core::span<const std::uint32_t> items,
                             std::uint32_t depth,
                             const core::draw_site& site) const {
  if (greedy_)
    return best_of(weights, depth);
  auto winner = depth;
  auto shortest = exponential(site, core::no_item) / outside_weight_;
  for (std::uint32_t j = 0; j < depth; ++j) {
    const auto time = exponential(site, items[j]) / weights[j];
    if (time < shortest) {
      shortest = time;
      winner = j;
    }
  }
  return winner;
}

std::uint32_t choice::best_of(core::span<const double> weights,
                              std::uint32_t depth) const {
  auto winner = depth;
  auto heaviest = outside_weight_;
  for (std::uint32_t j = 0; j < depth; ++j)
    if (weights[j] > heaviest) {
      heaviest = weights[j];
      winner = j;
    }
  return winner;
}

double choice::expected_value(const attention& eyes,
                              core::span<const double> weights) const {
  auto value = 0.0;
  auto seen = 0.0;
  const auto length = static_cast<std::uint32_t>(weights.size());
  if (greedy_) { // as soon as one place that tempts is seen
    for (std::uint32_t j = 0; j < length; ++j)
      if (weights[j] > outside_weight_)
        return eyes.examination(j);
    return 0;
  }
  for (std::uint32_t j = 0; j < length; ++j) {
    seen += weights[j];
    const auto further = j + 1 < length ? eyes.examination(j + 1) : 0.0;
    value += (eyes.examination(j) - further) * (seen / (outside_weight_ + seen));
  }
  return value;
}

} // namespace souk::sim
