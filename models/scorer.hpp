#pragma once

#include "core/recommender.hpp"
#include "models/kernels/matrix.hpp"

#include <memory>

namespace souk::models {

/// Consecutive rows of a request that are scored together.
struct request_rows {
  const core::rank_request& request;
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const {
    return end - begin;
  }
};

/// What a model knows of a batch of users before it looks at items.
class prepared_rows {
public:
  virtual ~prepared_rows() = default;

  /// Writes the scores of items first_item, first_item + 1, ... into `out`, [at least
  /// the batch's rows, items]. Called from several threads for different tiles.
  virtual void score(core::item_id first_item, kernels::matrix out) const = 0;
};

/// Scores items for users: the part of a recommender that models differ in. Masking,
/// selection and threads are `ranking`'s.
class scorer {
public:
  virtual ~scorer() = default;

  virtual std::size_t num_items() const = 0;

  /// How many rows of `out` a batch of `rows` users needs; more than `rows` where the
  /// model pads its batches to a fixed shape.
  virtual std::size_t padded_rows(std::size_t rows) const {
    return rows;
  }

  virtual std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const = 0;
};

} // namespace souk::models
