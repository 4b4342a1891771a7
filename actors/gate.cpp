#include "actors/gate.hpp"

#include "actors/failure.hpp"
#include "core/platform.hpp"

namespace souk::actors {

using namespace messages;

gate_actor::behavior_type gate(gate_actor::pointer self,
                               std::shared_ptr<arrivals> arrived) {
  share_exception_handler(self);
  return {
    [arrived](const join_run& arrival) -> caf::result<node_done> {
      if (arrival.version != core::souk_version())
        return refusal(core::errc::incompatible_node,
                       "souk " + core::souk_version() + " here, souk " + arrival.version
                         + " there; install the same version on both");
      arrived->add(arrival);
      return node_done{};
    },
  };
}

} // namespace souk::actors
