#pragma once

#include "core/span.hpp"
#include "eval/intervals.hpp"

#include <optional>
#include <string>
#include <vector>

namespace souk::eval {

/// Returns Kendall's tau-b of two parallel lists (Kendall, Biometrika 1945): of all
/// pairs that neither list ties, the share in the same order less that in the opposite
/// one, with ties counted half out. Nothing where a list is all ties.
std::optional<double> kendall_tau(core::span<const double> a,
                                  core::span<const double> b);

/// Models that were judged twice: on the same users, and as policies in the same
/// worlds.
struct judged_twice {
  std::vector<core::span<const double>> users;  ///< [models][users]
  std::vector<core::span<const double>> worlds; ///< [models][worlds]
};

/// Returns how far both judgements order the models alike: tau of the means, with the
/// percentile interval of a bootstrap that resamples users and worlds at the same time;
/// `n` models. Noise on either side makes orders less alike, so the interval tends to
/// lie below the tau that no noise would show. Nothing for fewer than two models, or
/// where all are equal.
std::optional<interval> rank_agreement(const judged_twice& models,
                                       const resampling_options& options);

} // namespace souk::eval
