#pragma once

#include "core/ids.hpp"
#include "core/span.hpp"
#include "sim/factors.hpp"
#include "sim/options.hpp"
#include "sim/user_attributes.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// What people like, given who they are: a normal distribution per profile. Over the
/// population a taste has mean 0 and variance 1 in each dimension.
class tastes {
public:
  /// Makes tastes of a generated population: each value of each attribute pulls in a
  /// direction of its own, and attributes explain `attribute_share` of the variance.
  static tastes generated(const tastes_options& options,
                          const user_attributes& people,
                          std::uint64_t seed);

  /// Makes tastes around those of real users, whose factors are the profiles' means: a
  /// smoothed bootstrap (Silverman & Young 1987) that keeps what attributes tell.
  static tastes of_factors(const tastes_options& options, const taste_factors& factors);

  /// Makes tastes as a model believes them: each profile has a spread of its own, or
  /// none where the model is sure.
  static tastes believed(const taste_factors& factors);

  /// Makes no tastes at all: of users who know what they want.
  static tastes none(std::uint32_t dimensions, std::size_t num_profiles);

  /// Draws a user's taste given the profile: [dimensions].
  void draw(std::uint64_t seed,
            core::user_id user,
            std::uint32_t profile,
            core::span<float> taste) const;

  /// Returns the mean taste of a profile: [dimensions].
  core::span<const float> mean_of(std::uint32_t profile) const;

  std::uint32_t dimensions() const {
    return dimensions_;
  }

private:
  std::uint32_t dimensions_ = 0;
  float spread_ = 1;           ///< of all, where `spreads_` is empty
  std::vector<float> means_;   ///< [profiles, dimensions]
  std::vector<float> spreads_; ///< [profiles, dimensions]
};

} // namespace souk::sim
