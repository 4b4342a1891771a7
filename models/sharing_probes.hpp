#pragma once

#include "models/block_products.hpp"

/// Trials of what a run's blocks may share in the products of a linear layer: with
/// noise, at the layer's very shapes and strides, through the multiplier that will
/// serve its steps (and that has compiled their shapes afterwards). Each returns
/// whether the bits are those of blocks computed alone. To be called where products are
/// serial.
namespace souk::models {

/// Of y = x W^T, of all rows together.
template <class Multiplier>
bool forward_may_be_shared(Multiplier& multiplier,
                           const run_shape& run,
                           std::size_t inputs,
                           std::size_t outputs);

/// Of dx = dy W, of all rows together.
template <class Multiplier>
bool backward_may_be_shared(Multiplier& multiplier,
                            const run_shape& run,
                            std::size_t inputs,
                            std::size_t outputs);

/// Of the sum of two blocks' weight gradients, the second added by its product.
template <class Multiplier>
bool pairs_may_add_up(Multiplier& multiplier,
                      const run_shape& run,
                      std::size_t inputs,
                      std::size_t outputs);

} // namespace souk::models
