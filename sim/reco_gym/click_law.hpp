#pragma once

#include "sim/vector_math.hpp"

namespace souk::sim::reco_gym {

/// Returns the chance of a click on a product of that affinity (vector . omega +
/// offset): three sigmoids in a row, as published, which map any affinity to between
/// 0.45% and 2.9%.
SOUK_INLINED float click_law(float affinity) {
  const auto inner = sigmoid_of(0.3F * affinity);
  const auto middle = sigmoid_of(2.0F * inner - 2.0F);
  return sigmoid_of(5.0F * middle - 6.0F);
}

} // namespace souk::sim::reco_gym
