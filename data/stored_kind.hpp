#pragma once

#include "data/hdf5_file.hpp"

#include <cstdint>
#include <map>
#include <string>

/// What every HDF5 file of souk says about itself, as attributes of its root:
/// `souk_kind` ("dataset", "model", "checkpoint", "sessions",
/// "user_rows", "user_values") and `souk_schema`.
namespace souk::data {

using stored_attributes = std::map<std::string, std::string>;

void write_kind(hdf5::file& file, const std::string& kind, stored_attributes more);

/// Returns the root's attributes. Throws `error` if the file is of another kind, or of
/// a schema that this souk does not know.
stored_attributes
read_kind(const hdf5::file& file, const std::string& kind, const std::string& path);

/// Returns an attribute; throws `error` if it is missing.
const std::string& attribute_of(const stored_attributes& attributes,
                                const std::string& name,
                                const std::string& path);

/// Returns an attribute that is a whole number; throws `error` if it is none.
std::uint64_t number_of(const stored_attributes& attributes,
                        const std::string& name,
                        const std::string& path);

/// Returns an attribute that is a number as `exact_text` writes it.
double real_of(const stored_attributes& attributes,
               const std::string& name,
               const std::string& path);

/// Writes a number so that `real_of` returns the same bits (hexadecimal).
std::string exact_text(double value);

} // namespace souk::data
