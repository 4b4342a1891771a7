#pragma once

#include "core/interactions.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim {

/// What a training matrix tells of tastes, as points in one space: the inner product of
/// a user's and an item's point says how much more than by chance they go together.
struct taste_factors {
  std::uint32_t dimensions = 0;
  std::vector<float> users; ///< [rows, dimensions]; mean 0, variance 1 per dimension
  /// [rows, dimensions], standard deviations around `users` (which then have less than
  /// variance 1), or empty: points are sure.
  std::vector<float> spreads;
  std::vector<float> items; ///< [columns, dimensions]; mean square length 1
};

/// Fits factors by regularised spectral co-clustering (Rohe, Qin & Yu, PNAS 2016): the
/// leading singular vectors, the first (popularity) left out, of the matrix divided by
/// the square roots of row and column sums plus a constant; by orthogonal iteration
/// from a seeded start. One thread, portable arithmetic, and never a model under test.
///
/// Gives fewer dimensions than asked for where the matrix is too small. Throws `error`
/// of the request for a matrix without interactions.
taste_factors fit_factors(const core::interactions& rows,
                          std::uint32_t dimensions,
                          std::uint64_t seed);

} // namespace souk::sim
