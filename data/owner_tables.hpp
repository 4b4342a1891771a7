#pragma once

#include "core/attributes.hpp"
#include "data/hdf5_file.hpp"

#include <string>
#include <vector>

namespace souk::data {

/// Names and attributes of users or items, as tables of an HDF5 file:
///
/// - `<owners>`: a row each; `id`, then a member per column that is one value a row
///   (categories as codes, 2^32 - 1 where missing; numbers; texts).
/// - `<owners>_columns`: a row per attribute: name, kind, member of `<owners>` or
/// empty.
/// - `<owners>_vocabulary`: what the codes stand for: column, code, word.
/// - `<owners>_lists`: the codes of `categories`: column, row, code.
struct owner_tables {
  std::vector<std::string> names;
  core::attribute_table attributes; ///< as many rows as names, or no columns
};

void write_owners(hdf5::file& file,
                  const std::string& owners,
                  const std::vector<std::string>& names,
                  const core::attribute_table& attributes);

/// Throws `error` naming `path` if the tables do not make sense.
owner_tables
read_owners(const hdf5::file& file, const std::string& owners, const std::string& path);

} // namespace souk::data
