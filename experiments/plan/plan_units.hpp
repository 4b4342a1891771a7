#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Numbers of the command line that have units. All throw `core::error` (of the
/// request) that names the flag and shows how to write it.
namespace souk::experiments {

/// Reads a bandwidth in bytes a second: `10Gbit`, `1.2GB`, `100Mbit`, `800MB` (a
/// second; k, M, G, T are powers of 1000; bits and bytes as written).
double parse_bandwidth(const std::string& text, const std::string& flag);

/// Reads a duration in seconds: `50us`, `1.5ms`, `300ns`, `1s`, or `0`.
double parse_latency(const std::string& text, const std::string& flag);

/// Reads numbers of nodes, from 1 to 1024: `2..1024` (every power of two in it, where
/// both ends are powers of two), `8`, or a list of such, ascending: `1,2,3,4..64`.
std::vector<std::uint32_t> parse_nodes(const std::string& text,
                                       const std::string& flag);

} // namespace souk::experiments
