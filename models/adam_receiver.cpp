#include "models/adam_receiver.hpp"

#include "models/adam_step.hpp"
#include "models/kernels/multinomial_likelihood.hpp"

namespace souk::models {

using kernels::padded;

std::size_t adam_receiver::room_of_worker(std::size_t outputs, std::size_t inputs) {
  return padded(outputs * inputs) + padded(outputs);
}

adam_receiver::adam_receiver(const kernels::adam_coefficients& with,
                             const optimiser_state& arena,
                             const layer_place& place,
                             core::span<float> room,
                             std::size_t workers)
  : with_{with}, arena_{arena}, place_{place}, room_{room}, room_of_worker_{room.size()
                                                                            / workers} {
  // nop
}

layer_gradient
adam_receiver::room(std::size_t begin, std::size_t end, std::size_t worker) {
  const auto outputs = end - begin;
  auto* const weights = room_.data() + worker * room_of_worker_;
  return {{weights, outputs, place_.inputs},
          {weights + padded(outputs * place_.inputs), outputs}};
}

void adam_receiver::take(std::size_t begin, const layer_gradient& gradient) {
  const auto outputs = gradient.bias.size();
  apply_adam(with_, {gradient.weight.data, outputs * place_.inputs},
             place_.weights + begin * place_.inputs, arena_);
  apply_adam(with_, gradient.bias, place_.biases + begin, arena_);
}

} // namespace souk::models
