#include "sim/boredom.hpp"

#include "core/portable_math.hpp"

namespace souk::sim {

void remember(const boredom_options& options,
              core::span<float> recent,
              core::span<const float> item) {
  const auto keep = static_cast<float>(options.keep);
  for (std::size_t k = 0; k < recent.size(); ++k)
    recent[k] = keep * recent[k] + (1 - keep) * item[k];
}

void fade(const boredom_options& options,
          core::span<float> recent,
          core::time_ms since_last_session) {
  const auto half_lives =
    static_cast<double>(since_last_session) / (options.half_life_days * core::day_ms);
  const auto left =
    static_cast<float>(core::portable::exp(-0.69314718055994530942 * half_lives));
  for (auto& value : recent)
    value *= left;
}

} // namespace souk::sim
