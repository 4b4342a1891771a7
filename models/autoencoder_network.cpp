#include "core/error.hpp"
#include "core/random.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/learner.hpp"

#include <algorithm>
#include <cmath>

namespace souk::models {

namespace {

/// Xavier's normal weights (Glorot & Bengio, AISTATS 2010), as the reference
/// implementation has them.
void initialise_weight(const core::draw_site& site,
                       const autoencoder_layer& layer,
                       core::span<float> weight) {
  const auto deviation = static_cast<float>(
    std::sqrt(2.0 / static_cast<double>(layer.inputs + layer.outputs)));
  core::fill_normals(site, weight);
  for (auto& value : weight)
    value *= deviation;
}

/// Small normal biases; what lies beyond two deviations is drawn again.
void initialise_bias(const core::draw_site& site, core::span<float> bias) {
  constexpr double deviation = 0.001;
  constexpr double furthest = 2;
  std::uint32_t index = 0;
  for (auto& value : bias) {
    auto draw = core::normal(site, index++);
    while (std::abs(draw) > furthest)
      draw = core::normal(site, index++);
    value = static_cast<float>(deviation * draw);
  }
}

class autoencoder_network : public network {
public:
  autoencoder_network(const model_options& options, std::uint32_t num_items)
    : options_{options}, shape_{options, num_items} {
    // nop
  }

  const core::parameter_layout& layout() const override {
    return shape_.layout();
  }

  void initialise(std::uint64_t seed, core::span<float> parameters) const override {
    core::expects(parameters.size() == layout().size(), "parameters fill the arena");
    std::fill(parameters.begin(), parameters.end(), 0.0F);
    const auto site = [&](std::size_t tensor) {
      return core::draw_site{seed, core::stream::initialise, tensor, 0};
    };
    for (const auto& layer : shape_.layers()) {
      initialise_weight(site(layer.weight), layer,
                        view(parameters, layout()[layer.weight]));
      initialise_bias(site(layer.bias), view(parameters, layout()[layer.bias]));
    }
  }

  core::snapshot to_snapshot(core::span<const float> parameters) const override {
    return models::to_snapshot(options_, shape_, parameters);
  }

private:
  model_options options_;
  autoencoder_shape shape_;
};

} // namespace

std::unique_ptr<network> make_network(const model_options& options,
                                      std::uint32_t num_items) {
  if (!has_learner(options))
    throw core::error::request("the kind \"" + options.kind + "\" has no learner",
                               "model", "choose mult_vae or mult_dae");
  return std::make_unique<autoencoder_network>(options, num_items);
}

} // namespace souk::models
