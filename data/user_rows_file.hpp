#pragma once

#include "core/interactions.hpp"

#include <string>

namespace souk::data {

/// Writes rows of users as one HDF5 file with its SHA-256 in `<path>.sha256`, whole or
/// not at all: a table `rows` of (user, item), ascending. Throws `error` if it cannot
/// be written.
void write_user_rows(const std::string& path, const core::user_rows& rows);

/// Reads them back, without times. Throws `error` if the file is missing, damaged (its
/// hash is checked before HDF5 opens it) or holds something else.
core::user_rows read_user_rows(const std::string& path);

} // namespace souk::data
