#include "actors/bulk/buffer_pool.hpp"

#include <utility>

namespace souk::actors::bulk {

buffer_pool::buffer buffer_pool::find_idle(std::size_t size) {
  const std::lock_guard guard{mutex_};
  auto best = idle_.end();
  for (auto candidate = idle_.begin(); candidate != idle_.end(); ++candidate)
    if (candidate->size() >= size && candidate->size() / 2 <= size
        && (best == idle_.end() || candidate->size() <= best->size()))
      best = candidate;
  if (best == idle_.end())
    return {};
  auto found = std::move(*best);
  idle_.erase(best);
  idle_bytes_ -= found.size();
  return found;
}

void buffer_pool::give_back(buffer returned) {
  const std::lock_guard guard{mutex_};
  idle_bytes_ += returned.size();
  idle_.push_back(std::move(returned));
  while (idle_bytes_ > idle_bytes_max_) {
    idle_bytes_ -= idle_.front().size();
    idle_.pop_front();
  }
}

std::shared_ptr<std::uint8_t> buffer_pool::take(std::size_t size) {
  auto bytes = std::make_shared<buffer>(find_idle(size));
  if (bytes->size() < size)
    *bytes = buffer{size};
  return {bytes->data(), [pool = shared_from_this(), bytes](std::uint8_t*) {
            pool->give_back(std::move(*bytes));
          }};
}

} // namespace souk::actors::bulk
