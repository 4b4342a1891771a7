#pragma once

#include "core/span.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// Counter-based randomness: a draw is a pure function of its number.
///
/// Philox4x32-10 (Salmon et al., SC 2011) as in Random123. The key is the run's seed;
/// the 128-bit counter holds, from the lowest bit, index (32 bits), step (32), entity
/// (48) and stream (16). There is no state: nothing depends on who draws first, on
/// threads, or on what was drawn before. No `std::` engine and no Torch generator is
/// used in souk.
namespace souk::core {

/// What a draw is for. Values are part of the promise "same file, same bits": append
/// only.
enum class stream : std::uint16_t {
  initialise = 1,     ///< weights; entity = tensor number
  shuffle = 2,        ///< order of training users; step = epoch
  dropout = 3,        ///< entity = user, step = training step, index = place in the row
  reparameterise = 4, ///< entity = user, step = training step, index = latent unit
  split_users = 5,    ///< which users are held out
  split_items = 6,    ///< which items of a held-out user are hidden; entity = user
  sample_history = 7, ///< k-shot subsets; entity = user, step = draw
  bootstrap = 8,      ///< resampled users; step = resample
  synthetic_data = 9, ///< data made for benchmarks and tests
  derive = 10,        ///< seeds of parts; entity = part
  search_parameters = 11, ///< where a search for parameters begins
  // Simulation. The seed is that of the world; entity = user or item.
  catalogue = 32,   ///< an item's category, price, quality, launch
  attributes = 33,  ///< a user's static attributes
  taste = 34,       ///< a user's taste given the attributes
  temperament = 35, ///< activity, patience, price sensitivity, exploration, loyalty
  arrive = 36,      ///< when a user joins and when sessions start
  intend = 37,      ///< browse, search or buy again; the query
  attend = 38,      ///< which places of a slate are looked at
  choose = 39,      ///< which item is clicked
  buy = 40,         ///< cart, purchase
  give_back = 41,   ///< returns and ratings, with their delays
  leave = 42,       ///< end of a session, churn
  drift = 43,       ///< tastes moving
  recommend = 44,   ///< a policy's own randomness
  live = 45,        ///< a step of a user of a published model: views, clicks, moods
  explore = 47,     ///< what a policy shows to learn; entity = user, draw << 32
  plan = 48,        ///< what a shopper has on the list on coming
};

/// Names a sequence of draws. One site serves draws of one kind only (words, uniforms,
/// normals or bounded integers): two kinds at the same index would share their bits.
struct draw_site {
  std::uint64_t seed = 0;
  stream purpose = stream::initialise;
  std::uint64_t entity = 0; ///< below 2^48
  std::uint32_t step = 0;
};

/// Returns the four 32-bit words of counter `index`.
std::array<std::uint32_t, 4> random_words(const draw_site& site, std::uint32_t index);

/// Returns uniform number `index` of [0, 1), with 53 bits: words 2(i mod 2) and the
/// next of counter i / 2.
double uniform(const draw_site& site, std::uint32_t index);

/// Returns standard normal number `index`: Box-Muller over the words of counter i / 4;
/// numbers 0 and 1 use words 0 and 1 (cosine first), 2 and 3 the others.
double normal(const draw_site& site, std::uint32_t index);

/// Returns bounded integer number `index` of [0, bound): the high half of a 64-bit draw
/// times the bound (bias below bound / 2^64).
std::uint64_t below(const draw_site& site, std::uint32_t index, std::uint64_t bound);

/// Fills `out` with normal numbers 0, 1, 2, ...: the same values as `normal`.
void fill_normals(const draw_site& site, span<float> out);

/// Fills `out` with uniform numbers 0, 1, 2, ... rounded down to float: [0, 1).
void fill_uniforms(const draw_site& site, span<float> out);

/// Returns 0, ..., count - 1 in random order (Fisher-Yates from the back).
std::vector<std::uint32_t> permutation(const draw_site& site, std::uint32_t count);

/// Derives a seed for a part of a run (a world, a resample) from the run's own.
std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part);

} // namespace souk::core
