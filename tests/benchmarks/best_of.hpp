#pragma once

#include "core/clock.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

namespace souk::benchmarks {

/// Lets every thread do `body(thread)` at the same time, several times over, and
/// returns the seconds of the best time: a limit is what happens undisturbed.
template <class Body>
double best_seconds(std::size_t threads, std::size_t times, const Body& body) {
  auto best = std::numeric_limits<double>::infinity();
  for (std::size_t time = 0; time < times; ++time) {
    const auto began = core::seconds_now();
    std::vector<std::thread> others;
    for (std::size_t thread = 1; thread < threads; ++thread)
      others.emplace_back([&body, thread] { body(thread); });
    body(0);
    for (auto& other : others)
      other.join();
    best = std::min(best, core::seconds_now() - began);
  }
  return best;
}

} // namespace souk::benchmarks
