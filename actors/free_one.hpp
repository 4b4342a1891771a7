#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

namespace souk::actors {

/// Returns the place in a pool of the first that only the pool still holds and that
/// `is_idle`, or the pool's end. Whoever let go of it last has read it before it is
/// written to.
template <class T, class Predicate>
auto find_free(std::vector<std::shared_ptr<T>>& pool, Predicate is_idle) {
  const auto free = std::find_if(pool.begin(), pool.end(), [&](const auto& each) {
    return each.use_count() == 1 && is_idle(*each);
  });
  if (free != pool.end())
    std::atomic_thread_fence(std::memory_order_acquire);
  return free;
}

/// Returns one that only the pool still holds, or a new one, made of the arguments.
template <class T, class... Arguments>
std::shared_ptr<T> free_one(std::vector<std::shared_ptr<T>>& pool,
                            const Arguments&... arguments) {
  const auto free = find_free(pool, [](const T&) { return true; });
  return free == pool.end() ? pool.emplace_back(std::make_shared<T>(arguments...))
                            : *free;
}

} // namespace souk::actors
