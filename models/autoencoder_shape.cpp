#include "models/autoencoder_shape.hpp"

#include "core/error.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>

namespace souk::models {

namespace {

void check(const model_options& options, std::uint32_t num_items) {
  const auto refuse = [&](const std::string& what, const std::string& remedy) {
    throw core::error::request(what, "model " + options.kind, remedy);
  };
  if (num_items == 0)
    refuse("there are no items to learn from", "check the data and its cleaning");
  if (options.latent == 0)
    refuse("latent is 0", "a code has at least one unit");
  if (std::find(options.hidden.begin(), options.hidden.end(), 0U)
      != options.hidden.end())
    refuse("a hidden layer has no units", "remove it, or give it a width");
  if (!(options.dropout >= 0 && options.dropout < 1))
    refuse("dropout is " + std::to_string(options.dropout),
           "choose a share of the input in [0, 1)");
  if (!(options.kl_cap >= 0))
    refuse("the KL term's cap is negative", "choose 0 or more");
}

std::string joined(const std::vector<std::uint32_t>& widths) {
  std::string text;
  for (const auto width : widths)
    text += (text.empty() ? "" : ",") + std::to_string(width);
  return text;
}

} // namespace

autoencoder_shape::autoencoder_shape(const model_options& options,
                                     std::uint32_t num_items)
  : variational_{options.kind == "mult_vae"}, latent_{options.latent} {
  check(options, num_items);
  std::vector<std::size_t> encoder{num_items};
  encoder.insert(encoder.end(), options.hidden.begin(), options.hidden.end());
  auto decoder = encoder;
  encoder.push_back(variational_ ? 2 * latent_ : latent_);
  decoder.push_back(latent_);
  std::reverse(decoder.begin(), decoder.end());
  add_layers("encoder", encoder, !variational_);
  add_layers("decoder", decoder, false);
}

void autoencoder_shape::add_layers(const std::string& part,
                                   const std::vector<std::size_t>& widths,
                                   bool last_has_tanh) {
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const auto name = part + "." + std::to_string(i);
    const auto first = layers_.empty();
    autoencoder_layer layer;
    layer.inputs = widths[i];
    layer.outputs = widths[i + 1];
    layer.has_tanh = i + 2 < widths.size() || last_has_tanh;
    layer.weight = first ? layout_.add(name + ".weight", {layer.inputs, layer.outputs},
                                       /*sparse_rows=*/true)
                         : layout_.add(name + ".weight", {layer.outputs, layer.inputs});
    layer.bias = layout_.add(name + ".bias", {layer.outputs});
    layers_.push_back(layer);
  }
}

core::snapshot to_snapshot(const model_options& options,
                           const autoencoder_shape& shape,
                           core::span<const float> parameters) {
  core::snapshot model;
  model.kind = options.kind;
  model.options["num_items"] = std::to_string(shape.num_items());
  model.options["hidden"] = joined(options.hidden);
  model.options["latent"] = std::to_string(options.latent);
  for (const auto& spec : shape.layout().tensors()) {
    const auto values = view(parameters, spec);
    auto& tensor = model.tensors[spec.name];
    tensor.shape = spec.shape;
    tensor.floats.assign(values.begin(), values.end());
  }
  return model;
}

model_options shape_options_of(const core::snapshot& model) {
  model_options options;
  options.kind = model.kind;
  options.latent = static_cast<std::uint32_t>(whole_number(model, "latent"));
  options.hidden.clear();
  for (const auto width : whole_numbers(model, "hidden"))
    options.hidden.push_back(static_cast<std::uint32_t>(width));
  auto widths = options.hidden;
  widths.push_back(options.latent);
  widths.push_back(static_cast<std::uint32_t>(whole_number(model, "num_items")));
  if (std::find(widths.begin(), widths.end(), 0U) != widths.end())
    refuse_snapshot(model, "a layer has no units");
  return options;
}

} // namespace souk::models
