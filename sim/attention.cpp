#include "sim/attention.hpp"

#include "core/portable_math.hpp"

namespace souk::sim {

attention::attention(const attention_options& options, std::uint32_t slate_size)
  : examination_(slate_size, 1.0) {
  for (std::uint32_t j = 1; j < slate_size; ++j) {
    if (options.kind == "cascade")
      examination_[j] = examination_[j - 1] * options.continue_probability;
    else if (options.kind == "by_position")
      examination_[j] = core::portable::pow(j + 1.0, -options.exponent);
  }
}

std::uint32_t attention::depth(double draw, std::uint32_t length) const {
  std::uint32_t seen = 0;
  while (seen < length && draw < examination_[seen])
    ++seen;
  return seen;
}

} // namespace souk::sim
