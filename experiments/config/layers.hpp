#pragma once

#include "experiments/config/node.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// Reads text that must hold a map. Throws `core::error` (of the request).
std::unique_ptr<node> read_map(const std::string& text, const std::string& source);

/// Reads overrides ("a.b=value") into one tree; of two that say the same key the later
/// wins. Throws `core::error` (of the request).
std::unique_ptr<node> read_overrides(const std::vector<std::string>& overrides);

/// Takes `use:` out of a file's tree and returns the file between the blocks below and
/// the overlay and the overrides above it. Throws `core::error` (of the request).
std::unique_ptr<node> with_all_layers(std::unique_ptr<node> file,
                                      const std::string& source,
                                      const std::vector<std::string>& overrides);

} // namespace souk::experiments
