#include "actors/gate.hpp"

#include "actors/failure.hpp"
#include "core/log.hpp"
#include "core/platform.hpp"

#include <algorithm>
#include <set>

namespace souk::actors {

using namespace messages;

join_refusal reason_to_refuse(const join_run& arrival,
                              const std::vector<std::string>& addresses) {
  if (arrival.version != core::souk_version())
    return {core::errc::incompatible_node,
            "souk " + core::souk_version() + " leads the run, and this node is souk "
              + arrival.version + "; install the same version on both"};
  const auto is_named =
    std::find(addresses.begin(), addresses.end(), arrival.bulk.host) != addresses.end();
  if (!addresses.empty() && !is_named)
    return {core::errc::failed, "the cluster's file names no node at "
                                  + arrival.bulk.host
                                  + "; add it there, or see --listen"};
  return {};
}

gate_actor::behavior_type gate(gate_actor::pointer self,
                               std::shared_ptr<arrivals> arrived,
                               std::vector<std::string> addresses) {
  share_exception_handler(self);
  return {
    [arrived, addresses = std::move(addresses), said = std::set<std::string>{}](
      const join_run& arrival) mutable -> caf::result<node_done> {
      const auto refused = reason_to_refuse(arrival, addresses);
      if (refused.code != core::errc::none) {
        // It may come again and again.
        if (said.insert(arrival.bulk.host + refused.reason).second)
          core::log::warning("a node at " + arrival.bulk.host
                             + " was refused: " + refused.reason);
        return refusal(refused.code, refused.reason);
      }
      arrived->add(arrival);
      return node_done{};
    },
  };
}

} // namespace souk::actors
