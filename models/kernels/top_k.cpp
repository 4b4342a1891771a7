#include "models/kernels/top_k.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/top_k.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Finds scores above `low` from `begin` on, until `places` has less room than a vector
/// or the scores end. Returns how many places it wrote, and moves `begin` on.
std::size_t find_high(core::span<const float> scores,
                      float low,
                      core::span<std::uint32_t> places,
                      std::size_t& begin) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> place_tag;
  const auto lanes = hn::Lanes(tag);
  const auto threshold = hn::Set(tag, low);
  std::size_t found = 0;
  for (; begin + lanes <= scores.size(); begin += lanes) {
    // Nearly all scores are low: look at four vectors at once.
    for (; begin + 4 * lanes <= scores.size(); begin += 4 * lanes) {
      const auto is_high = [&](std::size_t vector) {
        return hn::Gt(hn::LoadU(tag, scores.data() + begin + vector * lanes),
                      threshold);
      };
      if (!hn::AllFalse(tag, hn::Or(hn::Or(is_high(0), is_high(1)),
                                    hn::Or(is_high(2), is_high(3)))))
        break;
    }
    if (begin + lanes > scores.size())
      break;
    const auto high = hn::Gt(hn::LoadU(tag, scores.data() + begin), threshold);
    if (hn::AllFalse(tag, high))
      continue;
    if (found + lanes > places.size())
      return found;
    // Compresses in a register: some processors are slow to compress into memory.
    const auto numbers = hn::Iota(place_tag, static_cast<std::uint32_t>(begin));
    hn::StoreU(hn::Compress(numbers, hn::RebindMask(place_tag, high)), place_tag,
               places.data() + found);
    found += hn::CountTrue(tag, high);
  }
  for (; begin < scores.size() && found < places.size(); ++begin)
    if (scores[begin] > low)
      places[found++] = static_cast<std::uint32_t>(begin);
  return found;
}

/// Cuts scores into as many groups as a vector has lanes and writes a score of each,
/// its highest if none is NaN. Returns how many there are.
std::size_t highest_of_groups(core::span<const float> scores,
                              core::span<float> highest) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  if (scores.size() < lanes || highest.size() < lanes)
    return 0;
  auto best = hn::LoadU(tag, scores.data());
  for (auto begin = lanes; begin + lanes <= scores.size(); begin += lanes)
    best = hn::Max(best, hn::LoadU(tag, scores.data() + begin));
  hn::StoreU(best, tag, highest.data());
  return lanes;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(find_high);
HWY_EXPORT(highest_of_groups);

namespace {

// High scores are looked up so many at a time, at least a vector's worth on every
// instruction set; a threshold is at most that much out of date.
constexpr std::size_t places_at_a_time = 64;

constexpr std::uint32_t sign_bit = 1U << 31U;
constexpr std::uint32_t all_bits = 0xFFFFFFFF;

/// A number that is the larger, the earlier its candidate stands in a slate.
std::uint64_t key_of(const candidate& what) {
  const auto score = what.score + 0.0F; // -0 becomes the 0 that it ties with
  std::uint32_t bits = 0;
  std::memcpy(&bits, &score, sizeof(bits));
  const auto ascending = (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
  return std::uint64_t{ascending} << 32U | (all_bits - what.item);
}

candidate candidate_of(std::uint64_t key) {
  const auto ascending = static_cast<std::uint32_t>(key >> 32U);
  const auto bits = (ascending & sign_bit) != 0 ? ascending & ~sign_bit : ~ascending;
  candidate what;
  std::memcpy(&what.score, &bits, sizeof(bits));
  what.item = all_bits - static_cast<std::uint32_t>(key);
  return what;
}

} // namespace

top_k::top_k(std::size_t size)
  : size_{size}, threshold_{-std::numeric_limits<float>::infinity()} {
  core::expects(size > 0, "a slate has at least one place");
}

void top_k::raise_threshold(core::span<const float> scores) {
  // As many scores as places, one of a group each, reach the last of the best groups'.
  std::array<float, places_at_a_time> highest;
  const auto groups = HWY_DYNAMIC_DISPATCH(highest_of_groups)(scores, highest);
  const auto end = std::remove_if(highest.begin(), highest.begin() + groups,
                                  [](auto score) { return std::isnan(score); });
  if (end - highest.begin() < static_cast<std::ptrdiff_t>(size_))
    return;
  const auto last = highest.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
  std::nth_element(highest.begin(), last, end, std::greater<>{});
  constexpr auto infinity = std::numeric_limits<float>::infinity();
  if (*last > -infinity) // what ties with it may enter
    threshold_ = std::nextafter(*last, -infinity);
}

void top_k::offer(core::item_id first_item, core::span<const float> scores) {
  if (keys_.empty())
    raise_threshold(scores);
  std::array<std::uint32_t, places_at_a_time> places;
  for (std::size_t begin = 0; begin < scores.size();) {
    const auto found =
      HWY_DYNAMIC_DISPATCH(find_high)(scores, threshold_, places, begin);
    for (std::size_t i = 0; i < found; ++i)
      keys_.push_back(key_of({scores[places[i]], first_item + places[i]}));
    if (keys_.size() >= 2 * size_)
      prune();
  }
}

void top_k::offer(const top_k& other) {
  keys_.insert(keys_.end(), other.keys_.begin(), other.keys_.end());
  if (keys_.size() >= 2 * size_)
    prune();
}

void top_k::prune() {
  const auto last = keys_.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
  std::nth_element(keys_.begin(), last, keys_.end(), std::greater<>{});
  threshold_ = candidate_of(*last).score;
  keys_.resize(size_);
}

void top_k::write(core::span<core::item_id> items, core::span<float> scores) {
  std::sort(keys_.begin(), keys_.end(), std::greater<>{});
  for (std::size_t place = 0; place < size_; ++place) {
    const auto best =
      place < keys_.size()
        ? candidate_of(keys_[place])
        : candidate{-std::numeric_limits<float>::infinity(), core::no_item};
    items[place] = best.item;
    scores[place] = best.score;
  }
}

} // namespace souk::models::kernels

#endif
