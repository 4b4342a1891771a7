#pragma once

#include <cstdint>

namespace souk::sim {

/// The published parameters of RecSim's interest evolution environment (Ie et al.,
/// arXiv 1909.04847, section 5; the defaults are those of its library), with the
/// multinomial logit choice. Minutes are of a user's time budget.
struct interest_evolution_options {
  std::uint32_t documents = 10000;  ///< videos there are
  std::uint32_t candidates = 10;    ///< of them, drawn anew for each user and step
  double time_budget = 200;         ///< minutes that a user starts with
  double video_length = 4;          ///< minutes
  double step_penalty = 0.5;        ///< minutes lost by a slate without a click
  double no_click_mass = 1;         ///< logit of choosing nothing
  double quality_range = 3;         ///< topics' mean quality lies within +- this
  double quality_deviation = 0.1;   ///< sd of videos around their topic's mean
  double budget_gain = 0.9 / 3.4;   ///< share of a video's length won back per quality
  double interest_step = 0.3;       ///< of a topic without interest; 0 at interest +-1
  std::uint64_t documents_seed = 1; ///< videos are the same in all worlds of a run
};

} // namespace souk::sim
