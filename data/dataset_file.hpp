#pragma once

#include "core/dataset.hpp"

#include <string>

namespace souk::data {

/// Writes a dataset as one HDF5 file with its SHA-256 in `<path>.sha256`, whole or not
/// at all. Tables are one-dimensional compound datasets, as h5py and pandas.read_hdf
/// read them:
///
/// - `events`: user, item (rows of the other tables), time (ms since 1970), value,
///   price, kind (core/event.hpp), and role where the source came split;
/// - `users`, `items` and their attributes: see owner_tables.hpp.
///
/// Throws `error` if it cannot be written; an older file then stays.
void write_dataset(const std::string& path, const core::dataset& dataset);

/// Reads it back. Throws `error` if the file is missing, damaged (its hash is checked
/// before HDF5 opens it) or holds something else.
core::dataset read_dataset(const std::string& path);

/// Returns the SHA-256 over all that a dataset says (its name excepted): names, events,
/// roles, attributes. The same however it was stored or compressed.
std::string digest_of(const core::dataset& dataset);

} // namespace souk::data
