#pragma once

#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace souk::actors {

/// The processes that have presented themselves of late. Safe from any thread.
class arrivals {
public:
  void add(const messages::join_run& arrival) {
    const std::lock_guard guard{mutex_};
    all_.push_back(arrival);
  }

  /// Those who came since the last call.
  std::vector<messages::join_run> take() {
    const std::lock_guard guard{mutex_};
    return std::exchange(all_, {});
  }

private:
  std::mutex mutex_;
  std::vector<messages::join_run> all_;
};

/// Says why somebody cannot be let in, or nothing. Whoever may come from anywhere is
/// let in by an empty list of addresses.
std::string reason_to_refuse(const messages::join_run& arrival,
                             const std::vector<std::string>& addresses);

/// Lets processes of the same version in, from these addresses.
messages::gate_actor::behavior_type gate(messages::gate_actor::pointer self,
                                         std::shared_ptr<arrivals> arrived,
                                         std::vector<std::string> addresses);

} // namespace souk::actors
