#pragma once

#include "core/span.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <memory>

namespace souk::models {

namespace kernels {
class worker_pool;
}

/// The outer step of local SGD (DiLoCo: Douillard et al., 2023, algorithm 1): follows
/// the mean of what replicas have changed with Nesterov's momentum,
///
///   d = (d_0 + ... + d_{n-1}) / n,   v <- momentum v + d,
///   p <- p - learning_rate (momentum v + d),
///
/// where d_i are the parameters before replica i's steps, less those after them. The
/// sum is along a fixed binary tree over the replicas; bits depend neither on where
/// ranges are cut nor on threads.
class outer_optimiser {
public:
  outer_optimiser(const nesterov_options& options, std::size_t threads);
  ~outer_optimiser();

  /// Takes a step: all are as long as `parameters`. At least one replica has a part.
  void apply(core::span<const core::span<const float>> differences,
             core::span<float> parameters,
             core::span<float> velocity);

private:
  nesterov_options options_;
  std::unique_ptr<kernels::worker_pool> pool_;
};

} // namespace souk::models
