#pragma once

#include "core/recommender.hpp"
#include "models/kernels/matrix.hpp"

#include <memory>

namespace souk::models {

/// Users are ranked in batches of so many rows: a batch's hidden units and its scores
/// of a tile stay in a core's second-level cache.
constexpr std::size_t rows_per_batch = 96;

/// Items are scored in tiles of so many.
constexpr std::size_t items_per_tile = 512;

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

  /// Writes the scores of items first_item, first_item + 1, ... into `out`, [the
  /// batch's rows, items]; first_item is a multiple of `items_per_tile`. Called from
  /// several threads for different tiles.
  virtual void score(core::item_id first_item, kernels::matrix out) const = 0;
};

/// Scores items for users: the part of a recommender that models differ in. Masking,
/// selection and threads are `ranking`'s.
class scorer {
public:
  virtual ~scorer() = default;

  virtual std::size_t num_items() const = 0;

  virtual bool has_posterior() const {
    return false;
  }

  virtual std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const = 0;
};

} // namespace souk::models
