#include "actors/tick_length.hpp"

#include <algorithm>

namespace souk::actors {

namespace {

/// Users of published models live in steps of a second, which no shorter tick would
/// cut.
constexpr auto least = core::second_ms;

} // namespace

tick_length::tick_length(core::time_ms most, std::size_t records)
  : most_{most}, length_{std::min(most, least)}, wanted_{records} {
  // nop
}

void tick_length::held(std::size_t records) {
  if (records > wanted_)
    length_ = std::max(length_ / 2, std::min(most_, least));
  else if (records <= wanted_ / 16)
    length_ = std::min(4 * length_, most_);
  else if (records <= wanted_ / 4)
    length_ = std::min(2 * length_, most_);
}

core::time_ms tick_length::begin(core::time_ms earliest, core::time_ms passed) const {
  const auto whole = earliest / most_ * most_;
  return std::max(whole + (earliest - whole) / length_ * length_, passed);
}

core::time_ms tick_length::end(core::time_ms begin) const {
  return std::min(begin + length_, (begin / most_ + 1) * most_);
}

} // namespace souk::actors
