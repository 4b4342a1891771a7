#pragma once

#include "models/scorer.hpp"

#include <vector>

namespace souk::models {

/// Hides from a batch's scores what must not appear in its slates.
///
/// Keeps its place in every row's lists, so that hiding costs one step per item of a
/// list, however many tiles there are.
class item_mask {
public:
  /// Starts at a tile of a batch. The rows must live as long.
  item_mask(const request_rows& rows, core::item_id first_item);

  /// Sets the scores of hidden items to -infinity in the tile that begins at
  /// `first_item`: [the batch's rows, items]. Tiles come in ascending order.
  void hide(core::item_id first_item, kernels::matrix scores);

private:
  /// What is left of an ascending list.
  struct rest_of_list {
    const core::item_id* next = nullptr;
    const core::item_id* end = nullptr;
  };

  /// The lists of a row.
  struct row_lists {
    rest_of_list excluded;
    rest_of_list without;
    rest_of_list only;
    bool has_only = false;
  };

  std::vector<row_lists> rows_;
};

} // namespace souk::models
