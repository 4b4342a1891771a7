#pragma once

#include "core/recommender.hpp"
#include "sim/policy.hpp"

#include <memory>

/// Policies that now and then show what does not seem best, so that a model can learn
/// from what they log, and other policies can be judged by it. All log propensities.
namespace souk::sim {

/// Epsilon-greedy, place after place: with probability `epsilon` a place gets one of
/// the candidates that are left, each with the same chance, else the best of them by
/// `base`. Propensities are exact.
std::unique_ptr<policy> make_epsilon_greedy_policy(std::shared_ptr<const policy> base,
                                                   double epsilon);

/// Plackett-Luce: place after place drawn from the softmax of score / `temperature`
/// over the candidates that are left. For a Mult-VAE or Mult-DAE at temperature 1 that
/// is the model's own multinomial. Propensities are exact.
std::unique_ptr<policy>
make_plackett_luce_policy(std::shared_ptr<const core::recommender> model,
                          double temperature);

/// Thompson sampling (Chapelle & Li, NIPS 2011): ranks by one draw from the posterior
/// of a model that has one. Propensities are estimated: the share of that draw and of
/// `draws` further ones by which the item is the best of what the places above it left,
/// never 0 and on average (draws p + 1) / (draws + 1) for a chance of p.
std::unique_ptr<policy>
make_thompson_policy(std::shared_ptr<const core::recommender> model,
                     std::uint32_t draws);

} // namespace souk::sim
