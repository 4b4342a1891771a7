#pragma once

#include "core/attributes.hpp"
#include "core/snapshot.hpp"

#include <string>
#include <vector>

namespace souk::data {

/// What a model's numbers stand for: enough to serve it without its dataset.
struct model_vocabulary {
  std::vector<std::string> items; ///< names, by the model's column
  /// One row per item, or no columns.
  core::attribute_table item_attributes;
  /// The users' attributes with their vocabularies, but no rows: nobody's data.
  core::attribute_table user_attributes;
};

struct stored_model {
  core::snapshot model;
  model_vocabulary vocabulary;
};

/// Writes a model as one HDF5 file with its SHA-256 in `<path>.sha256`, whole or not at
/// all: `tensors/<name>` with shape and type, the model's options as attributes of
/// `options`, and the vocabulary as tables. Rows of `user_attributes` are not written.
/// Throws `error` if it cannot be written.
void write_snapshot(const std::string& path,
                    const core::snapshot& model,
                    const model_vocabulary& vocabulary);

/// Reads it back. Throws `error` if the file is missing, damaged (its hash is checked
/// before HDF5 opens it) or holds something else.
stored_model read_snapshot(const std::string& path);

} // namespace souk::data
