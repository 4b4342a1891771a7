#pragma once

#include "eval/realism/distances.hpp"

#include <cstddef>
#include <cstdint>

namespace souk::eval::realism {

/// Returns how often each of `count` users is drawn when as many are drawn with
/// replacement. `log` tells logs apart (from 2 on; 0 and 1 are other draws of the
/// stream `bootstrap`).
user_weights resampled_weights(std::size_t count,
                               std::uint64_t seed,
                               std::uint64_t log,
                               std::uint32_t resample);

/// A log's users in two random halves, as weights of 0 and 1; with an odd number of
/// users the second has one more.
struct halves {
  halves(std::size_t count, std::uint64_t seed, std::uint32_t number);

  user_weights first;
  user_weights second;
};

} // namespace souk::eval::realism
