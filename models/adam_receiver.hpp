#pragma once

#include "core/span.hpp"
#include "models/block_products.hpp"
#include "models/kernels/adam.hpp"
#include "models/optimiser.hpp"

#include <cstddef>
#include <cstdint>

namespace souk::models {

/// Where some of a layer's outputs lie in an arena.
struct layer_place {
  std::uint64_t weights = 0; ///< of the first output
  std::uint64_t biases = 0;
  std::size_t inputs = 0;
};

/// Applies Adam to a layer's outputs while their gradient is in cache, so that nobody
/// keeps a gradient of them all.
class adam_receiver : public gradient_receiver {
public:
  /// Floats that a worker needs who receives at most so many outputs at a time.
  static std::size_t room_of_worker(std::size_t outputs, std::size_t inputs);

  /// `room` is shared out among the workers. All that is named outlives the receiver.
  adam_receiver(const kernels::adam_coefficients& with,
                const optimiser_state& arena,
                const layer_place& place,
                core::span<float> room,
                std::size_t workers);

  layer_gradient room(std::size_t begin, std::size_t end, std::size_t worker) override;
  void take(std::size_t begin, const layer_gradient& gradient) override;

private:
  const kernels::adam_coefficients& with_;
  const optimiser_state& arena_;
  layer_place place_;
  core::span<float> room_;
  std::size_t room_of_worker_;
};

} // namespace souk::models
