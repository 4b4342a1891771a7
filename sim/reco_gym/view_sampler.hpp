#pragma once

#include "core/aligned_vector.hpp"
#include "core/random_columns.hpp"
#include "core/span.hpp"
#include "sim/reco_gym/cells.hpp"
#include "sim/reco_gym/products.hpp"

#include <cstdint>
#include <vector>

namespace souk::sim::reco_gym {

/// Users who each view a product now, column by column.
struct viewers {
  /// Where their draws are; the entity is each user's number.
  core::draw_site site;
  std::size_t count = 0;
  const std::uint32_t* users = nullptr; ///< [count]
  const float* tastes = nullptr;        ///< [dimensions, stride]
  std::size_t stride = 0;
  const std::uint32_t* first_words = nullptr;  ///< word 0 of counter 0, [count]
  const std::uint32_t* second_words = nullptr; ///< word 1 of counter 0, [count]
};

/// Draws which product each user views: from the softmax of vector . omega + offset
/// over all products, exact up to the rounding of float weights. No product is left
/// out, and no law stands in for it.
///
/// Up to `few` products are weighed one by one, with users side by side; more are drawn
/// by cells. Const calls are safe from several threads, each with its own scratch.
class view_sampler {
public:
  static constexpr std::uint32_t few = 40;

  /// What a call works in; keeps its memory for the next.
  struct scratch {
    core::aligned_vector<float> weights;
  };

  explicit view_sampler(const products& all);

  /// Writes each user's product: [count].
  void draw(const viewers& who, scratch& work, core::item_id* views) const;

private:
  const products* all_;
  cells cells_;
};

} // namespace souk::sim::reco_gym
