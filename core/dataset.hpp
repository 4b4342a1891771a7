#pragma once

#include "core/attributes.hpp"
#include "core/event.hpp"
#include "core/interactions.hpp"

#include <string>
#include <vector>

namespace souk::core {

/// What a source that comes split says of an event (`given_split`).
enum class split_role : std::uint8_t {
  training = 0,
  validation_fold_in = 1,
  validation_held_out = 2,
  test_fold_in = 3,
  test_held_out = 4,
};

/// Everything known about users, items and what happened between them, after cleaning.
///
/// Users and items are numbered in the order of their first appearance in the source.
/// Events ascend by (user, time, place in the source).
struct dataset {
  std::string name;
  std::vector<std::string> user_names; ///< ids in the source, or keyed pseudonyms
  std::vector<std::string> item_names;
  std::vector<event> events;
  attribute_table user_attributes; ///< one row per user, or no columns
  attribute_table item_attributes; ///< one row per item, or no columns
  bool has_times = false;
  /// Parallel to `events` where the source comes split, else empty.
  std::vector<split_role> roles;
};

/// Users who were kept out of training: what a model may see of them, and what it is
/// asked to predict. Row `i` of both matrices belongs to `users[i]`.
struct held_out_set {
  std::vector<user_id> users; ///< rows of the dataset
  interactions fold_in;
  interactions held_out;
};

/// A division of a dataset into training, validation and test.
///
/// Columns of all matrices are the items of training users; `items[c]` is column c's
/// row in the dataset.
struct split {
  std::vector<item_id> items;
  std::vector<user_id> training_users; ///< rows of the dataset, one per training row
  interactions training;
  held_out_set validation;
  held_out_set test;
};

} // namespace souk::core
