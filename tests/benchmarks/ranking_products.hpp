#pragma once

#include <cstddef>

namespace souk::benchmarks {

/// Users per second whose Mult-VAE products (200 x 600 x items after the encoder's
/// 600 x 200) alone can be computed, nothing else done: the best of oneDNN's and
/// souk's kernel in several sizes of batches and tiles, each thread with batches of its
/// own.
double ranking_products_per_second(std::size_t items, std::size_t threads);

} // namespace souk::benchmarks
