#pragma once

#include "actors/options.hpp"

#include <string>

namespace souk::experiments {

/// Reads the file of `souk run --cluster`, which says where nodes join and which ones
/// may:
///
///   listen: 10.0.0.1:7400                # of this machine; tensors at the next port
///   certificates: certificates/coordinator
///   nodes:                               # what they listen at, and their slots
///     10.0.0.2: 2
///     10.0.0.3: 1
///   begin_with: 3                        # slots; default: all of them
///
/// Throws `core::error` (of the request) with file, line and column.
actors::node_cluster read_cluster_file(const std::string& path);

} // namespace souk::experiments
