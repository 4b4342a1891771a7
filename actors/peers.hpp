#pragma once

#include "actors/messages/types.hpp"

#include <cstdint>
#include <mutex>
#include <vector>

namespace souk::actors {

/// The bulk actors of all processes of a run, by number. Safe from any thread.
class peers {
public:
  void meet(std::vector<messages::bulk_actor> all) {
    const std::lock_guard guard{mutex_};
    bulk_ = std::move(all);
  }

  /// Returns the bulk actor of a process, or null if it is not known.
  messages::bulk_actor bulk(std::uint32_t process) const {
    const std::lock_guard guard{mutex_};
    return process < bulk_.size() ? bulk_[process] : messages::bulk_actor{};
  }

private:
  mutable std::mutex mutex_;
  std::vector<messages::bulk_actor> bulk_;
};

} // namespace souk::actors
