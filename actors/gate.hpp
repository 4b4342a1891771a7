#pragma once

#include "actors/messages/types.hpp"
#include "core/errc.hpp"

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

/// Why somebody is not let in.
struct join_refusal {
  core::errc code = core::errc::none; ///< `none`: who is let in
  std::string reason;
};

/// Says why somebody cannot be let in: for good (`incompatible_node`), or by this run,
/// whose file does not name it (`failed`), where another may. Whoever may come from
/// anywhere is let in by an empty list of addresses.
join_refusal reason_to_refuse(const messages::join_run& arrival,
                              const std::vector<std::string>& addresses);

/// Lets processes of the same version in, from these addresses.
messages::gate_actor::behavior_type gate(messages::gate_actor::pointer self,
                                         std::shared_ptr<arrivals> arrived,
                                         std::vector<std::string> addresses);

} // namespace souk::actors
