#pragma once

#include "core/ids.hpp"

#include <string>
#include <vector>

namespace souk::data {

/// How well a model served each of some users, by one metric.
struct user_values {
  std::string model;                ///< at most 64 bytes
  std::string metric;               ///< at most 32 bytes
  std::vector<core::user_id> users; ///< rows of the dataset
  std::vector<double> values;       ///< parallel to them
};

/// Writes them as one table `values` (model, metric, user, value), row by row in that
/// order, with the SHA-256 in `<path>.sha256`, whole or not at all. Throws `error` if
/// it cannot be written.
void write_user_values(const std::string& path, const std::vector<user_values>& all);

/// Reads them back. Throws `error` if the file is missing, damaged or holds something
/// else.
std::vector<user_values> read_user_values(const std::string& path);

} // namespace souk::data
