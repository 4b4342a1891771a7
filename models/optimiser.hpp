#pragma once

#include "core/gradient.hpp"
#include "core/span.hpp"
#include "models/bf16_run.hpp"
#include "models/model_options.hpp"

#include <cstdint>
#include <memory>

namespace souk::models {

namespace kernels {
class worker_pool;
}

/// A finished subtree of a step's gradient: the sum over `num_blocks` blocks, as far as
/// it lies in one range of the arena. What no run covers is zero; none overlap.
struct partial_sum {
  std::size_t num_blocks = 1;
  core::gradient_slice runs;
  bf16_slice rounded{};
};

/// Parameters of a range of the arena with Adam's moments, all [range].
struct optimiser_state {
  core::span<float> parameters;
  core::span<float> first_moments;
  core::span<float> second_moments;
};

/// Applies steps to a range of the arena: finishes the tree over blocks and follows the
/// sum with Adam (Kingma & Ba, ICLR 2015), in one pass over memory that threads share.
///
/// The sum's bits do not depend on which subtrees the trainers finished, those of the
/// step not on where ranges are cut, nor on threads.
class optimiser {
public:
  optimiser(const adam_options& options, core::arena_range range, std::size_t threads);
  ~optimiser();

  /// Applies step `step`, counted from 1. `partials` tile the tree in order: they are
  /// aligned powers of two of blocks.
  void apply(std::uint64_t step,
             core::span<const partial_sum> partials,
             const optimiser_state& state);

private:
  adam_options options_;
  core::arena_range range_;
  std::unique_ptr<kernels::worker_pool> pool_;
};

} // namespace souk::models
