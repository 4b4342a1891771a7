#pragma once

#include "core/attributes.hpp"
#include "data/hdf5_file.hpp"

#include <string>
#include <vector>

/// The columns of the tables that owner_tables.hpp describes. Lengths of texts differ
/// from file to file.
namespace souk::data {

/// Bytes of the longest text, at least one.
std::size_t longest(const std::vector<std::string>& texts);

/// `<owners>`; `members[i]` is the name of attribute i's member.
hdf5::row_layout owner_layout(const std::vector<std::string>& names,
                              const core::attribute_table& attributes,
                              const std::vector<std::string>& members);

hdf5::row_layout columns_layout(std::size_t name_size, std::size_t member_size);

hdf5::row_layout vocabulary_layout(std::size_t word_size);

const hdf5::row_layout& lists_layout();

} // namespace souk::data
