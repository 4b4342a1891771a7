#include "actors/clocks.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::actors {

clocks::clocks(const consistency_options& options, std::uint64_t per_epoch)
  : workers_{options.workers}, per_epoch_{per_epoch} {
  core::expects(workers_ > 0 && options.period > 0 && per_epoch > 0,
                "clocks have workers and steps");
  length_ = workers_;
  if (options.kind == consistency_kind::local_sgd)
    length_ *= options.period;
}

std::uint64_t clocks::of(std::uint64_t step) const {
  const auto per_epoch = (per_epoch_ + length_ - 1) / length_;
  return step / per_epoch_ * per_epoch + step % per_epoch_ / length_;
}

std::uint64_t clocks::begin(std::uint64_t step) const {
  return step - step % per_epoch_ % length_;
}

std::uint64_t clocks::end(std::uint64_t step) const {
  const auto epoch_end = (step / per_epoch_ + 1) * per_epoch_;
  return std::min(begin(step) + length_, epoch_end);
}

std::uint32_t clocks::worker(std::uint64_t step) const {
  return static_cast<std::uint32_t>(step % per_epoch_ % workers_);
}

std::uint32_t clocks::turns(std::uint64_t step) const {
  return static_cast<std::uint32_t>(
    std::min<std::uint64_t>(workers_, end(step) - begin(step)));
}

std::uint64_t clocks::first_step(worker_range who, std::uint64_t from) const {
  if (who.first >= per_epoch_)
    return never;
  while (who.first >= turns(from))
    from = end(from);
  return from + who.first;
}

std::uint64_t clocks::next_step(worker_range who, std::uint64_t step) const {
  if (step + workers_ < end(step))
    return step + workers_;
  const auto next = worker(step) + 1;
  if (next < who.first + who.count && next < turns(step))
    return begin(step) + next;
  return first_step(who, end(step));
}

std::uint64_t clocks::steps_before(std::uint64_t step) const {
  const auto in_epoch = (per_epoch_ - worker(step) + workers_ - 1) / workers_;
  return step / per_epoch_ * in_epoch + step % per_epoch_ / workers_;
}

} // namespace souk::actors
