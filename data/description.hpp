#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::data {

/// A table or an array inside a file.
struct described_part {
  std::string name;                 ///< "events", "tensors/decoder.weight"
  std::vector<std::uint64_t> shape; ///< a table's has one extent: its rows
  std::vector<std::string> columns; ///< of a table
};

/// What an HDF5 file of souk says about itself.
struct file_description {
  std::string kind; ///< dataset, model, checkpoint, sessions
  std::map<std::string, std::string> attributes;
  std::map<std::string, std::string> options; ///< of a model
  std::vector<described_part> parts;
};

/// Describes a file after checking its hash. Throws `error` if it is missing, damaged,
/// or none of souk's.
file_description describe_file(const std::string& path);

} // namespace souk::data
