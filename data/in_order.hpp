#pragma once

#include <algorithm>
#include <cstdint>
#include <future>
#include <thread>
#include <vector>

namespace souk::data {

/// Takes `count` pieces through three hands: `begin(slot, i)` and `finish(slot, i)` run
/// on the caller's thread, each for i = 0, 1, ... in this order; between them
/// `work(slot)` runs on another, for a few pieces at the same time. So what is shared
/// among threads needs no lock, and what comes out does not depend on their number.
///
/// There is a `Slot` for every processor and one more: memory does not grow with
/// `count`. An exception of any hand ends it, once all threads are done.
template <class Slot, class Begin, class Work, class Finish>
void in_order(std::uint64_t count, Begin begin, Work work, Finish finish) {
  struct place {
    Slot slot;
    std::future<void> done; // destroyed before the slot, which waits for the thread
  };

  const auto num_places =
    std::min(count, std::uint64_t{std::thread::hardware_concurrency()} + 1);
  std::vector<place> places(num_places);
  for (std::uint64_t i = 0; i < count + num_places; ++i) {
    auto& here = places[i % num_places];
    if (i >= num_places) {
      here.done.get();
      finish(here.slot, i - num_places);
    }
    if (i < count) {
      begin(here.slot, i);
      // Where no thread can be had, `get` above does the work itself.
      here.done = std::async([&work, &here] { work(here.slot); });
    }
  }
}

} // namespace souk::data
