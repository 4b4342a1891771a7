#pragma once

#include "experiments/config/node.hpp"

#include <map>
#include <optional>
#include <string>

namespace souk::experiments {

/// Returns a tree as YAML that loads to the same values; a comment beside each leaf
/// names the layer it came from.
std::string resolved_text(const node& tree);

/// Returns every leaf outside `cluster:` by its path, in one spelling per value.
std::map<std::string, std::string> leaves_without_cluster(const node& tree);

/// Returns the SHA-256 over those leaves: what decides a run's results, besides the
/// platform. The order of keys, comments and layers do not enter.
std::string digest_without_cluster(const node& tree);

/// Compares two resolved files outside `cluster:`. Returns the first key that differs,
/// as "training.epochs: 40 there, 50 here", or nothing. Throws `core::error` if one of
/// them cannot be read.
std::optional<std::string> first_difference(const std::string& here,
                                            const std::string& there,
                                            const std::string& source_of_there);

} // namespace souk::experiments
