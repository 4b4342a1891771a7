#pragma once

#include "experiments/config/node.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace souk::experiments {

constexpr std::size_t yaml_bytes_max = 1'000'000;
constexpr std::size_t yaml_depth_max = 32;
constexpr std::size_t yaml_nodes_max = 10'000;

/// Reads YAML strictly: one document, UTF-8, no tabs as indentation, no duplicate keys,
/// no anchors, aliases, tags or merge keys, within the limits above. `source` names it
/// in messages. Returns null if there is nothing in it. Throws `core::error` (of the
/// request) as "source:line:column: what; remedy".
///
/// Scalars keep their spelling: what they are is decided by whoever reads them.
std::unique_ptr<node> read_yaml(const std::string& text, const std::string& source);

/// Reads a file's bytes for `read_yaml`. Throws `core::error` (of the request) if there
/// is no such file, or if it is a folder, no regular file, unreadable or too large.
std::string read_yaml_file(const std::string& path);

} // namespace souk::experiments
