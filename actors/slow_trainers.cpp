#include "actors/slow_trainers.hpp"

#include <algorithm>
#include <utility>

namespace souk::actors {

slow_trainers::slow_trainers(std::vector<std::uint32_t> blocks) {
  for (const auto count : blocks)
    trainers_.push_back({count, 0, 0, 0, 0, 0, std::nullopt});
}

bool slow_trainers::note(std::size_t trainer,
                         double compute_seconds,
                         std::uint64_t steps,
                         double seconds_passed) {
  auto& noted = trainers_.at(trainer);
  noted.seconds += compute_seconds;
  noted.steps += steps;
  window_ += seconds_passed;
  const auto all_worked =
    std::all_of(trainers_.begin(), trainers_.end(),
                [](const watched& each) { return each.steps > 0; });
  if (window_ < (all_worked ? window_seconds : window_seconds_max))
    return false;
  // In the first one memory is touched and kernels are chosen.
  const auto changed = !std::exchange(is_first_window_, false) && close_window();
  for (auto& each : trainers_) {
    each.seconds = 0;
    each.steps = 0;
  }
  window_ = 0;
  return changed;
}

bool slow_trainers::close_window() {
  auto changed = false;
  for (std::size_t i = 0; i < trainers_.size(); ++i) {
    auto& each = trainers_[i];
    if (each.steps == 0)
      continue;
    const auto factor = factor_of(i);
    each.slow_in_a_row = factor > slow_factor ? each.slow_in_a_row + 1 : 0;
    each.slow_factors = factor > slow_factor ? each.slow_factors + factor : 0;
    each.well_in_a_row = factor < well_factor ? each.well_in_a_row + 1 : 0;
    if (each.named && each.well_in_a_row >= windows_in_a_row) {
      each.named.reset();
      changed = true;
    } else if (each.slow_in_a_row >= windows_in_a_row) {
      changed = changed || !each.named;
      each.named = each.slow_factors / each.slow_in_a_row;
    }
  }
  return changed;
}

double slow_trainers::factor_of(std::size_t trainer) const {
  const auto per_step = [](const watched& each) {
    return each.seconds / static_cast<double>(each.steps);
  };
  const auto& self = trainers_[trainer];
  std::vector<double> peers;
  for (std::size_t i = 0; i < trainers_.size(); ++i)
    if (i != trainer && trainers_[i].steps > 0) {
      // A peer with half the blocks takes between half the time and all of it: what a
      // step costs besides its blocks is not known. All of it is allowed for.
      const auto share = static_cast<double>(self.blocks) / trainers_[i].blocks;
      peers.push_back(per_step(trainers_[i]) * std::max(1.0, share));
    }
  if (peers.empty())
    return 1;
  const auto middle =
    peers.begin() + static_cast<std::ptrdiff_t>((peers.size() - 1) / 2);
  std::nth_element(peers.begin(), middle, peers.end());
  return *middle > 0 ? per_step(self) / *middle : 1;
}

std::optional<double> slow_trainers::times_slower(std::size_t trainer) const {
  return trainers_.at(trainer).named;
}

} // namespace souk::actors
