#include "sim/interest_evolution/documents.hpp"

#include "core/random.hpp"

namespace souk::sim::interest_evolution {

std::array<double, num_topics> topic_qualities(double range) {
  constexpr std::uint32_t num_low = 14;
  constexpr std::uint32_t num_high = num_topics - num_low;
  std::array<double, num_topics> means{};
  for (std::uint32_t i = 0; i < num_low; ++i)
    means[i] = -range * (num_low - 1 - i) / (num_low - 1);
  for (std::uint32_t i = 0; i < num_high; ++i)
    means[num_low + i] = range * i / (num_high - 1);
  return means;
}

documents draw_documents(const interest_evolution_options& options) {
  const auto means = topic_qualities(options.quality_range);
  documents drawn;
  for (core::item_id document = 0; document < options.documents; ++document) {
    const core::draw_site topic{options.documents_seed, core::stream::catalogue,
                                document, 0};
    const core::draw_site quality{options.documents_seed, core::stream::catalogue,
                                  document, 1};
    drawn.topic.push_back(static_cast<std::uint8_t>(core::below(topic, 0, num_topics)));
    drawn.quality.push_back(
      static_cast<float>(means[drawn.topic.back()]
                         + options.quality_deviation * core::normal(quality, 0)));
  }
  return drawn;
}

} // namespace souk::sim::interest_evolution
