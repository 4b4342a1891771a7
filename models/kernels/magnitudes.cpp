#include "models/kernels/magnitudes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/magnitudes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

std::uint32_t magnitude_of(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits & 0x7FFFFFFFU;
}

/// Adds, and returns the largest magnitude among the sums, as bits: those of finite
/// numbers ascend with the magnitude, and what is not finite lies above them.
std::uint32_t add_all(core::span<const float> other, float* sum) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> whole;
  const auto lanes = hn::Lanes(tag);
  const auto magnitude = hn::Set(whole, 0x7FFFFFFFU);
  auto largest = hn::Zero(whole);
  std::size_t i = 0;
  for (; i + lanes <= other.size(); i += lanes) {
    const auto value =
      hn::Add(hn::LoadU(tag, sum + i), hn::LoadU(tag, other.data() + i));
    hn::StoreU(value, tag, sum + i);
    largest = hn::Max(largest, hn::And(hn::BitCast(whole, value), magnitude));
  }
  auto found = hn::GetLane(hn::MaxOfLanes(whole, largest));
  for (; i < other.size(); ++i) {
    sum[i] += other[i];
    found = std::max(found, magnitude_of(sum[i]));
  }
  return found;
}

std::uint32_t largest_of(core::span<const float> values) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> whole;
  const auto lanes = hn::Lanes(tag);
  const auto magnitude = hn::Set(whole, 0x7FFFFFFFU);
  auto largest = hn::Zero(whole);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto bits = hn::BitCast(whole, hn::LoadU(tag, values.data() + i));
    largest = hn::Max(largest, hn::And(bits, magnitude));
  }
  auto found = hn::GetLane(hn::MaxOfLanes(whole, largest));
  for (; i < values.size(); ++i)
    found = std::max(found, magnitude_of(values[i]));
  return found;
}

/// Writes the places of the values whose magnitude is at least `least`, as bits, and
/// returns how many there are. `places` has room for all and a vector more.
std::size_t
find_large(core::span<const float> values, std::uint32_t least, std::uint32_t* places) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToSigned<decltype(tag)> whole;
  const hn::RebindToUnsigned<decltype(tag)> place_tag;
  const auto lanes = hn::Lanes(tag);
  const auto magnitude = hn::Set(whole, 0x7FFFFFFF);
  const auto below = hn::Set(whole, static_cast<std::int32_t>(least) - 1);
  std::size_t found = 0;
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto bits =
      hn::And(hn::BitCast(whole, hn::LoadU(tag, values.data() + i)), magnitude);
    const auto large = hn::Gt(bits, below);
    if (hn::AllFalse(whole, large))
      continue;
    // Compresses in a register: some processors are slow to compress into memory.
    const auto numbers = hn::Iota(place_tag, static_cast<std::uint32_t>(i));
    hn::StoreU(hn::Compress(numbers, hn::RebindMask(place_tag, large)), place_tag,
               places + found);
    found += hn::CountTrue(whole, large);
  }
  for (; i < values.size(); ++i)
    if (magnitude_of(values[i]) >= least)
      places[found++] = static_cast<std::uint32_t>(i);
  return found;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(add_all);
HWY_EXPORT(largest_of);
HWY_EXPORT(find_large);

namespace {

constexpr std::uint32_t infinity_bits = 0x7F800000;
constexpr std::uint32_t not_zero = 1;

constexpr std::size_t sample_size = 16'384;
constexpr std::size_t pieces_per_job = 32;
/// More than any instruction set's lanes of floats.
constexpr std::size_t lanes_most = 64;

std::uint32_t magnitude_bits(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits & 0x7FFFFFFFU;
}

} // namespace

bool add_finite(core::span<const float> other, float* sum) {
  return HWY_DYNAMIC_DISPATCH(add_all)(other, sum) < infinity_bits;
}

bool all_below(float limit, core::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(largest_of)(values) < magnitude_bits(limit);
}

magnitude_selection::magnitude_selection(worker_pool& pool)
  : pool_{pool}, places_(pool.threads()) {
  // nop
}

core::span<const large_element>
magnitude_selection::select(core::span<const tensor_piece> pieces, std::size_t count) {
  std::size_t total = 0;
  std::size_t longest = 0;
  for (const auto& piece : pieces) {
    total += piece.values.size();
    longest = std::max(longest, piece.values.size());
  }
  for (auto& places : places_)
    if (places.size() < longest + lanes_most)
      places.resize(longest + lanes_most);
  const auto least = guess(pieces, total, count);
  collect(pieces, least);
  if (selected_.size() < count && least > not_zero)
    collect(pieces, not_zero);
  cut(count);
  return selected_;
}

std::uint32_t magnitude_selection::guess(core::span<const tensor_piece> pieces,
                                         std::size_t total,
                                         std::size_t count) {
  // Odd, so that it does not visit few columns of a matrix only.
  const auto stride = (total / sample_size) | 1U;
  magnitudes_.clear();
  std::size_t position = 0;
  for (const auto& piece : pieces) {
    for (; position < piece.values.size(); position += stride)
      magnitudes_.push_back(magnitude_bits(piece.values[position]));
    position -= piece.values.size();
  }
  // Four standard deviations more than expected, so that the guess is rarely too high.
  const auto expected = static_cast<double>(count) / static_cast<double>(stride);
  const auto rank = static_cast<std::size_t>(expected + 4 * std::sqrt(expected) + 4);
  if (rank >= magnitudes_.size())
    return not_zero;
  const auto at = magnitudes_.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(magnitudes_.begin(), at, magnitudes_.end(), std::greater<>{});
  return std::max(*at, not_zero);
}

void magnitude_selection::collect(core::span<const tensor_piece> pieces,
                                  std::uint32_t least) {
  const tiling jobs{pieces.size(), pieces_per_job};
  if (collected_.size() < jobs.count())
    collected_.resize(jobs.count());
  pool_.parallel_for(jobs.count(), [&](std::size_t job, std::size_t thread) {
    auto& found = collected_[job];
    found.clear();
    auto* places = places_[thread].data();
    for (auto i = jobs.begin(job); i < jobs.end(job); ++i) {
      const auto& [offset, values] = pieces[i];
      const auto count = HWY_DYNAMIC_DISPATCH(find_large)(values, least, places);
      for (std::size_t j = 0; j < count; ++j)
        found.push_back({offset + places[j], values.data() + places[j]});
    }
  });
  selected_.clear();
  for (std::size_t job = 0; job < jobs.count(); ++job)
    selected_.insert(selected_.end(), collected_[job].begin(), collected_[job].end());
}

void magnitude_selection::cut(std::size_t count) {
  if (selected_.size() <= count)
    return;
  magnitudes_.clear();
  for (const auto& element : selected_)
    magnitudes_.push_back(magnitude_bits(*element.place));
  const auto end = magnitudes_.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(magnitudes_.begin(), end, magnitudes_.end(), std::greater<>{});
  // Everything above the first that is left out goes, and equals as far as they fit.
  const auto limit = *end;
  auto equals = static_cast<std::size_t>(std::count(magnitudes_.begin(), end, limit));
  const auto is_left_out = [&](const large_element& element) {
    const auto magnitude = magnitude_bits(*element.place);
    if (magnitude != limit)
      return magnitude < limit;
    if (equals == 0)
      return true;
    --equals;
    return false;
  };
  // In order, so that lower offsets win among equals (remove_if promises no order).
  std::size_t kept = 0;
  for (const auto& element : selected_)
    if (!is_left_out(element))
      selected_[kept++] = element;
  selected_.resize(kept);
}

} // namespace souk::models::kernels

#endif
