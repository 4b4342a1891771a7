#pragma once

#include "actors/run_context.hpp"
#include "core/network_address.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace souk::actors {

/// What a process that takes part in somebody else's run has to know.
struct node_process {
  core::network_address join;                   ///< where the run listens
  core::network_address listen{"127.0.0.1", 0}; ///< where its own tensors are served
  std::string certificates;                     ///< folder of its credentials
  std::string folder; ///< keeps files of runs; not used by a child of the run
  /// Seconds that it looks for the run; nothing: for ever, as a node does.
  std::optional<double> patience;
};

/// Throws `core::error` if a node could not listen there: of the request if its
/// credentials are not for that, of the environment if the port is not free.
void check_node(const node_process& options);

/// Takes part in a run until that ends, and ends the process then. Throws `core::error`
/// if the run cannot be joined: one of the request where waiting would not help.
[[noreturn]] void serve_as_node(const node_process& options, context_loader load);

} // namespace souk::actors
