#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace souk::benchmarks {

/// Lets every thread do `body(thread)` at the same time, several times over, and
/// returns the seconds of the best time: a limit is what happens undisturbed. Throws
/// `error` if there cannot be so many threads.
template <class Body>
double best_seconds(std::size_t threads, std::size_t times, const Body& body) {
  auto best = std::numeric_limits<double>::infinity();
  for (std::size_t time = 0; time < times; ++time) {
    const auto began = core::seconds_now();
    std::vector<std::thread> others;
    const auto join_all = [&others] {
      for (auto& other : others)
        other.join();
    };
    try {
      for (std::size_t thread = 1; thread < threads; ++thread)
        others.emplace_back([&body, thread] { body(thread); });
    } catch (const std::system_error& reason) {
      join_all();
      throw core::error{"only " + std::to_string(others.size() + 1) + " of "
                          + std::to_string(threads)
                          + " threads could be had: " + reason.what(),
                        "--threads", "use fewer"};
    }
    body(0);
    join_all();
    best = std::min(best, core::seconds_now() - began);
  }
  return best;
}

} // namespace souk::benchmarks
