#include "models/kernels/top_k.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/top_k.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Returns the first place from `begin` whose vector holds a score above the threshold,
/// or where the last incomplete vector begins.
std::size_t skip_low(core::span<const float> scores, std::size_t begin, float low) {
  const hn::ScalableTag<float> tag;
  const auto lanes = hn::Lanes(tag);
  const auto threshold = hn::Set(tag, low);
  while (begin + lanes <= scores.size()
         && hn::AllFalse(tag, hn::Gt(hn::LoadU(tag, scores.data() + begin), threshold)))
    begin += lanes;
  return begin;
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(skip_low);

namespace {

// How far a scan goes one by one after a hit before it skips again.
constexpr std::size_t stride_after_hit = 16;

// Slates may be as long as the catalogue while tiles are short.
constexpr std::size_t most_reserved = 1024;

} // namespace

top_k::top_k(std::size_t size)
  : size_{size}, threshold_{-std::numeric_limits<float>::infinity()} {
  core::expects(size > 0, "a slate has at least one place");
  kept_.reserve(std::min(2 * size, most_reserved));
}

void top_k::offer(core::item_id first_item, core::span<const float> scores) {
  std::size_t i = 0;
  while (i < scores.size()) {
    i = HWY_DYNAMIC_DISPATCH(skip_low)(scores, i, threshold_);
    const auto end = std::min(i + stride_after_hit, scores.size());
    for (; i < end; ++i)
      if (scores[i] > threshold_)
        add({scores[i], first_item + static_cast<core::item_id>(i)});
  }
}

void top_k::offer(top_k& other) {
  // Best first: of two equal scores the lower item must come first.
  std::sort(other.kept_.begin(), other.kept_.end(), ranks_before);
  for (const auto& offered : other.kept_)
    if (offered.score > threshold_)
      add(offered);
}

void top_k::add(candidate offered) {
  kept_.push_back(offered);
  if (kept_.size() == 2 * size_)
    prune();
}

void top_k::prune() {
  const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
  std::nth_element(kept_.begin(), last, kept_.end(), ranks_before);
  threshold_ = last->score;
  kept_.resize(size_);
}

void top_k::write(core::span<core::item_id> items, core::span<float> scores) {
  std::sort(kept_.begin(), kept_.end(), ranks_before);
  for (std::size_t place = 0; place < size_; ++place) {
    const auto filled = place < kept_.size();
    items[place] = filled ? kept_[place].item : core::no_item;
    scores[place] =
      filled ? kept_[place].score : -std::numeric_limits<float>::infinity();
  }
}

} // namespace souk::models::kernels

#endif
