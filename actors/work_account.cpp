#include "actors/work_account.hpp"

#include <algorithm>
#include <utility>

namespace souk::actors {

work_account::work_account(clock now) : now_{now}, since_{now()} {
  // nop
}

void work_account::queued(std::uint64_t length) {
  counters_.queue_max = std::max(counters_.queue_max, length);
}

core::work_counters work_account::take() {
  turn_to(now_does_);
  return std::exchange(counters_, {});
}

void work_account::turn_to(activity what) {
  const auto now = now_();
  counters_.*now_does_ += now - since_;
  since_ = now;
  now_does_ = what;
}

} // namespace souk::actors
