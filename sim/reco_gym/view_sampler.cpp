#include "sim/reco_gym/view_sampler.hpp"

#include "sim/vector_math.hpp"

#include <algorithm>
#include <cstring>

namespace souk::sim::reco_gym {

namespace {

/// Users whose weights lie in the first-level cache together.
constexpr std::size_t users_at_once = 64;

/// Cells for so many products: more of them let draws begin again less often, and make
/// each cost more. Measured to be best at 1,000 and 10,000 products.
std::size_t cells_for(std::uint32_t products) {
  return products <= 2000    ? 256
         : products <= 5000  ? 512
         : products <= 20000 ? 1024
                             : 2048;
}

/// Draws for users [begin, begin + count), count at most `users_at_once`.
SOUK_VECTOR_CLONES
void draw_among_few(const products& all,
                    const viewers& who,
                    std::size_t begin,
                    std::size_t count,
                    float* __restrict weights,
                    core::item_id* __restrict views) {
  alignas(64) float best[users_at_once];
  alignas(64) double target[users_at_once];
  alignas(64) double sum[users_at_once];
  for (std::uint32_t p = 0; p < all.count; ++p) {
    auto* __restrict row = weights + p * users_at_once;
    const auto offset = all.offsets[p];
    for (std::size_t i = 0; i < count; ++i)
      row[i] = offset;
    for (std::uint32_t k = 0; k < all.dimensions; ++k) {
      const auto* taste = who.tastes + k * who.stride + begin;
      const auto direction = all.vectors[p * all.dimensions + k];
      for (std::size_t i = 0; i < count; ++i)
        row[i] += direction * taste[i];
    }
    if (p == 0)
      for (std::size_t i = 0; i < count; ++i)
        best[i] = row[i];
    for (std::size_t i = 0; i < count; ++i)
      best[i] = best[i] < row[i] ? row[i] : best[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    sum[i] = 0;
    views[i] = 0;
  }
  for (std::uint32_t p = 0; p < all.count; ++p) {
    auto* __restrict row = weights + p * users_at_once;
    for (std::size_t i = 0; i < count; ++i) {
      row[i] = exp_of(row[i] - best[i]);
      sum[i] += static_cast<double>(row[i]);
    }
  }
  const auto* first = who.first_words + begin;
  const auto* second = who.second_words + begin;
  for (std::size_t i = 0; i < count; ++i) {
    target[i] = core::uniform_of(first[i], second[i]) * sum[i];
    sum[i] = 0;
  }
  // The view is the first product whose running sum exceeds the target; the last is
  // what remains.
  for (std::uint32_t p = 0; p + 1 < all.count; ++p) {
    const auto* row = weights + p * users_at_once;
    for (std::size_t i = 0; i < count; ++i) {
      sum[i] += static_cast<double>(row[i]);
      views[i] += sum[i] <= target[i] ? 1U : 0U;
    }
  }
}

/// The masses of all cells for one user, on a line: every 16th cell is a lane, a lane's
/// cells lie one after another, and so do the lanes.
struct weighed_cells {
  float* bounds = nullptr;   ///< [cells]
  float* sums = nullptr;     ///< [cells], of a lane's cells up to and with this one
  double ends[cells::lanes]; ///< where each lane ends on the line
};

/// One value of each lane: running sums that stay in registers.
using lane_values = float __attribute__((vector_size(cells::lanes * sizeof(float))));

SOUK_INLINED void load(const float* from, lane_values& values) {
  std::memcpy(&values, from, sizeof values);
}

/// Writes the logarithms of the masses, whose dimensions are known to the compiler.
template <std::uint32_t Dimensions>
SOUK_INLINED void
bound(const cells& all, const float* taste, std::size_t stride, float* __restrict out) {
  float along[Dimensions];
  float across[Dimensions];
  for (std::uint32_t k = 0; k < Dimensions; ++k) {
    along[k] = taste[k * stride];
    across[k] = along[k] < 0 ? -along[k] : along[k];
  }
  const auto* mass = all.log_mass.data();
  const auto* centre = all.centre.data();
  const auto* half = all.half.data();
  for (std::size_t c = 0; c < all.count; ++c) {
    auto sum = mass[c];
#pragma GCC unroll 16
    for (std::uint32_t k = 0; k < Dimensions; ++k)
      sum += centre[k * all.count + c] * along[k] + half[k * all.count + c] * across[k];
    out[c] = sum;
  }
}

SOUK_INLINED void bound_any(const cells& all,
                            const float* taste,
                            std::size_t stride,
                            float* __restrict out) {
  for (std::size_t c = 0; c < all.count; ++c)
    out[c] = all.log_mass[c];
  for (std::uint32_t k = 0; k < all.dimensions; ++k) {
    const auto along = taste[k * stride];
    const auto across = along < 0 ? -along : along;
    const auto* centre = all.centre.data() + k * all.count;
    const auto* half = all.half.data() + k * all.count;
    for (std::size_t c = 0; c < all.count; ++c)
      out[c] += centre[c] * along + half[c] * across;
  }
}

SOUK_INLINED void
weigh(const cells& all, const float* taste, std::size_t stride, weighed_cells& out) {
  if (all.dimensions == 5)
    bound<5>(all, taste, stride, out.bounds);
  else
    bound_any(all, taste, stride, out.bounds);
  auto* bounds = out.bounds;
  lane_values best;
  lane_values next;
  load(bounds, best);
  for (std::size_t c = cells::lanes; c < all.count; c += cells::lanes) {
    load(bounds + c, next);
    best = best < next ? next : best;
  }
  auto most = best[0];
  for (std::size_t lane = 1; lane < cells::lanes; ++lane)
    most = most < best[lane] ? best[lane] : most;
  for (std::size_t c = 0; c < all.count; ++c)
    bounds[c] = exp_of(bounds[c] - most);
  lane_values lane_sums = {};
  for (std::size_t c = 0; c < all.count; c += cells::lanes) {
    load(bounds + c, next);
    lane_sums += next;
    std::memcpy(out.sums + c, &lane_sums, sizeof lane_sums);
  }
  auto end = 0.0;
  for (std::size_t lane = 0; lane < cells::lanes; ++lane)
    out.ends[lane] = end += static_cast<double>(lane_sums[lane]);
}

/// Returns the cell at a place of the line.
SOUK_INLINED std::size_t
cell_at(const cells& all, const weighed_cells& weighed, double target) {
  std::size_t lane = 0;
  for (std::size_t l = 0; l + 1 < cells::lanes; ++l)
    lane += target >= weighed.ends[l] ? 1 : 0;
  const auto rest = target - (lane == 0 ? 0.0 : weighed.ends[lane - 1]);
  // The first cell of the lane whose sum is above the rest.
  std::size_t low = 0;
  auto length = all.count / cells::lanes - 1;
  while (length > 0) {
    const auto half = (length + 1) / 2;
    const auto is_below =
      static_cast<double>(weighed.sums[(low + half - 1) * cells::lanes + lane]) <= rest;
    low += is_below ? half : 0;
    length = is_below ? length - half : half - 1;
  }
  return low * cells::lanes + lane;
}

/// One proposal: a product, or none. `words` are of one counter of the user's site.
SOUK_INLINED core::item_id propose(const cells& all,
                                   const weighed_cells& weighed,
                                   const float* taste,
                                   std::size_t stride,
                                   const std::uint32_t (&words)[4]) {
  const auto cell =
    cell_at(all, weighed,
            core::uniform_of(words[0], words[1]) * weighed.ends[cells::lanes - 1]);
  const auto first = all.first[cell];
  const auto size = all.first[cell + 1] - first;
  if (size <= 1)
    return size == 1 ? all.item[first] : core::no_item;
  const auto column = std::uint64_t{words[2]} * size;
  auto place = first + static_cast<std::uint32_t>(column >> 32);
  if (static_cast<std::uint32_t>(column) >= all.keep[place])
    place = first + all.other[place];
  auto excess = 0.0F;
  for (std::uint32_t k = 0; k < all.dimensions; ++k) {
    const auto along = taste[k * stride];
    const auto across = along < 0 ? -along : along;
    excess +=
      (all.vectors[place * all.dimensions + k] - all.centre[k * all.count + cell])
        * along
      - all.half[k * all.count + cell] * across;
  }
  const auto draw = static_cast<double>(words[3]) * (1.0 / 4294967296.0);
  return draw < static_cast<double>(exp_of(excess)) ? all.item[place] : core::no_item;
}

/// Counter 0 of a site serves the rest of a user's step.
constexpr std::uint32_t first_counter = 1;

/// After so many proposals in vain all products are weighed. Bounds are loose where
/// tastes are far out, and every proposal is independent of those before: what is drawn
/// in another way from here on has the same law.
constexpr std::uint32_t most_proposals = 100;

/// Weighs all products, and draws one.
SOUK_INLINED core::item_id draw_among_all(const products& all,
                                          const float* taste,
                                          std::size_t stride,
                                          double uniform,
                                          float* __restrict weights) {
  auto most = all.offsets[0];
  for (std::uint32_t p = 0; p < all.count; ++p) {
    auto sum = all.offsets[p];
    for (std::uint32_t k = 0; k < all.dimensions; ++k)
      sum += all.vectors[std::size_t{p} * all.dimensions + k] * taste[k * stride];
    weights[p] = sum;
    most = most < sum ? sum : most;
  }
  auto sum = 0.0;
  for (std::uint32_t p = 0; p < all.count; ++p) {
    weights[p] = exp_of(weights[p] - most);
    sum += static_cast<double>(weights[p]);
  }
  auto target = uniform * sum;
  core::item_id view = 0;
  while (view + 1 < all.count && target >= static_cast<double>(weights[view]))
    target -= static_cast<double>(weights[view++]);
  return view;
}

SOUK_VECTOR_CLONES
void draw_by_cells(const cells& all,
                   const products& items,
                   const viewers& who,
                   std::size_t begin,
                   std::size_t count,
                   const core::word_columns& first_tries,
                   float* weights,
                   core::item_id* views) {
  weighed_cells weighed;
  weighed.bounds = weights;
  weighed.sums = weights + all.count;
  auto site = who.site;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* taste = who.tastes + begin + i;
    weigh(all, taste, who.stride, weighed);
    std::uint32_t words[4];
    for (int w = 0; w < 4; ++w)
      words[w] = first_tries.words[w][i];
    views[i] = propose(all, weighed, taste, who.stride, words);
    site.entity = who.users[begin + i];
    for (std::uint32_t tries = 1; views[i] == core::no_item; ++tries) {
      const auto drawn = core::random_words(site, first_counter + tries);
      std::copy(drawn.begin(), drawn.end(), words);
      views[i] = tries < most_proposals
                   ? propose(all, weighed, taste, who.stride, words)
                   : draw_among_all(items, taste, who.stride,
                                    core::uniform_of(words[0], words[1]),
                                    weights + 2 * all.count);
    }
  }
}

} // namespace

view_sampler::view_sampler(const products& all) : all_{&all} {
  if (all.count > few)
    cells_ = make_cells(all, cells_for(all.count));
}

void view_sampler::draw(const viewers& who, scratch& work, core::item_id* views) const {
  const auto is_few = all_->count <= few;
  work.weights.resize(is_few ? all_->count * users_at_once
                             : 2 * cells_.count + all_->count);
  std::uint32_t tries[4][users_at_once];
  const core::word_columns first_tries{{tries[0], tries[1], tries[2], tries[3]}};
  for (std::size_t begin = 0; begin < who.count; begin += users_at_once) {
    const auto count = std::min(users_at_once, who.count - begin);
    if (is_few) {
      draw_among_few(*all_, who, begin, count, work.weights.data(), views + begin);
      continue;
    }
    core::fill_words(who.site, first_counter, who.users + begin, count, first_tries);
    draw_by_cells(cells_, *all_, who, begin, count, first_tries, work.weights.data(),
                  views + begin);
  }
}

} // namespace souk::sim::reco_gym
