#include "models/outer_optimiser.hpp"

#include "core/error.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/worker_pool.hpp"

#include <algorithm>

namespace souk::models {

namespace {

// A tile of the mean stays in a core's first-level cache, and so do the right subtrees
// that wait for their sum.
constexpr std::size_t elements_per_tile = 2048;

using differences_view = core::span<const core::span<const float>>;

/// Sums [begin, begin + out.size()) of the differences: the left half of them, rounded
/// up, then the right.
void tree_sum(differences_view differences, std::size_t begin, core::span<float> out) {
  if (differences.size() == 1) {
    std::copy_n(differences[0].data() + begin, out.size(), out.data());
    return;
  }
  const auto half = (differences.size() + 1) / 2;
  tree_sum(differences.subspan(0, half), begin, out);
  alignas(64) float right[elements_per_tile];
  tree_sum(differences.subspan(half, differences.size() - half), begin,
           {right, out.size()});
  kernels::add({right, out.size()}, out.data());
}

} // namespace

outer_optimiser::outer_optimiser(const nesterov_options& options, std::size_t threads)
  : options_{options}, pool_{std::make_unique<kernels::worker_pool>(threads)} {
  // nop
}

outer_optimiser::~outer_optimiser() = default;

void outer_optimiser::apply(differences_view differences,
                            core::span<float> parameters,
                            core::span<float> velocity) {
  core::expects(!differences.empty() && velocity.size() == parameters.size(),
                "an outer step has differences, and a velocity per parameter");
  for (const auto& difference : differences)
    core::expects(difference.size() == parameters.size(),
                  "replicas differ in all parameters");
  const auto share = 1.0F / static_cast<float>(differences.size());
  const auto momentum = static_cast<float>(options_.momentum);
  const auto learning_rate = static_cast<float>(options_.learning_rate);
  const kernels::tiling tiles{parameters.size(), elements_per_tile};
  pool_->parallel_for(tiles.count(), [&](std::size_t tile) {
    const auto begin = tiles.begin(tile);
    const auto size = tiles.end(tile) - begin;
    alignas(64) float mean[elements_per_tile];
    tree_sum(differences, begin, {mean, size});
    auto* p = parameters.data() + begin;
    auto* v = velocity.data() + begin;
    for (std::size_t i = 0; i < size; ++i) {
      const auto d = share * mean[i];
      v[i] = momentum * v[i] + d;
      p[i] -= learning_rate * (momentum * v[i] + d);
    }
  });
}

} // namespace souk::models
