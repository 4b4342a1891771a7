#pragma once

#include "core/aligned_vector.hpp"
#include "core/ids.hpp"
#include "sim/reco_gym/products.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim::reco_gym {

/// Products in boxes of the space of their vectors, for exact draws from a softmax over
/// many of them without a look at each.
///
/// Within a box no product's vector . omega exceeds centre . omega + half . |omega|.
/// So: draw a box by its mass (sum of exp(offset)) times e to that bound, then a
/// product of it by its share of the mass (an alias table, Walker 1977), and accept it
/// with e to what the bound was too high; else begin again. What is accepted has the
/// law of the softmax, whatever the boxes are; they only decide how often one begins
/// again.
struct cells {
  static constexpr std::size_t lanes = 16;

  std::size_t count = 0; ///< a multiple of `lanes`; the last ones may be empty
  std::uint32_t dimensions = 0;
  core::aligned_vector<float> log_mass; ///< [count]
  core::aligned_vector<float> centre;   ///< [dimensions, count]
  core::aligned_vector<float> half;     ///< [dimensions, count], half the box's width
  std::vector<std::uint32_t> first;     ///< [count + 1], where a cell's products begin

  // Of the products, cell by cell.
  std::vector<core::item_id> item;
  std::vector<std::uint32_t> keep;  ///< alias table: words below stay in their column
  std::vector<std::uint32_t> other; ///< the rest goes to that place of the cell
  std::vector<float> vectors;       ///< [products, dimensions]
};

/// Divides products into at most `most` cells, most finely where the draws will be.
cells make_cells(const products& all, std::size_t most);

} // namespace souk::sim::reco_gym
