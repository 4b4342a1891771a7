#include "models/autoencoder_scorer.hpp"

#include "models/autoencoder_shape.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "models/snapshot_checks.hpp"

namespace souk::models {

namespace {

/// Adds the bias of outputs first_output, first_output + 1, ... and bends them.
void finish_layer(core::span<const float> bias,
                  bool has_tanh,
                  std::size_t first_output,
                  kernels::matrix outputs) {
  const auto part = bias.subspan(first_output, outputs.columns);
  if (has_tanh)
    kernels::tanh_with_bias(part, outputs);
  else
    kernels::add_bias(part, outputs);
}

} // namespace

/// The last hidden layer of a batch, [rows, width].
class prepared_codes : public prepared_rows {
public:
  prepared_codes(const autoencoder_scorer& model,
                 std::size_t rows,
                 core::aligned_buffer<float> hidden)
    : decoder_{model.others_.back()}, rows_{rows}, hidden_{std::move(hidden)} {
    // nop
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    decoder_.apply({hidden_.data(), rows_, decoder_.weights.inputs()}, first_item, out);
  }

private:
  const autoencoder_scorer::dense_layer& decoder_;
  std::size_t rows_;
  core::aligned_buffer<float> hidden_;
};

autoencoder_scorer::autoencoder_scorer(core::snapshot model) {
  const autoencoder_shape shape{
    shape_options_of(model),
    static_cast<std::uint32_t>(whole_number(model, "num_items"))};
  const auto take = [&](std::size_t number) {
    const auto& spec = shape.layout().tensors()[number];
    floats_of(model, spec.name, spec.shape);
    return std::move(model.tensors.at(spec.name).floats);
  };
  const auto& layers = shape.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    // A code is the posterior's mean; the log-variances behind it are for training.
    const auto is_code = i + 1 == shape.num_encoder_layers();
    const auto outputs =
      is_code && shape.is_variational() ? shape.latent() : layer.outputs;
    auto values = take(layer.weight);
    auto bias = take(layer.bias);
    bias.resize(outputs);
    if (i == 0) {
      first_.values = std::move(values);
      first_.weights = {first_.values.data(), layer.inputs, outputs, layer.outputs};
      first_.bias = std::move(bias);
      first_.has_tanh = layer.has_tanh;
    } else {
      auto& other = others_.emplace_back();
      other.weights = kernels::packed_weights{{values.data(), outputs, layer.inputs}};
      other.bias = std::move(bias);
      other.has_tanh = layer.has_tanh;
    }
  }
}

void autoencoder_scorer::sparse_layer::apply(const request_rows& rows,
                                             kernels::matrix out) const {
  std::vector<core::item_id> items;
  std::vector<float> scaled;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto history = rows.request.history->row(rows.begin + row);
    items.resize(history.size());
    scaled.resize(history.size());
    kernels::normalise_items(history, {items.data(), scaled.data()});
    kernels::sum_of_rows(weights, items, scaled, out.row(row));
  }
  finish_layer(bias, has_tanh, 0, out);
}

void autoencoder_scorer::dense_layer::apply(kernels::const_matrix rows,
                                            std::size_t first_output,
                                            kernels::matrix out) const {
  weights.apply(rows, first_output, out);
  finish_layer(bias, has_tanh, first_output, out);
}

std::unique_ptr<prepared_rows>
autoencoder_scorer::prepare(const request_rows& rows) const {
  const auto room_for = [&](std::size_t outputs) {
    return core::aligned_buffer<float>{rows.size() * outputs};
  };
  auto width = first_.weights.columns;
  auto outputs = room_for(width);
  first_.apply(rows, {outputs.data(), rows.size(), width});
  for (std::size_t i = 0; i + 1 < others_.size(); ++i) {
    const auto& layer = others_[i];
    auto next = room_for(layer.weights.outputs());
    layer.apply({outputs.data(), rows.size(), width}, 0,
                {next.data(), rows.size(), layer.weights.outputs()});
    width = layer.weights.outputs();
    outputs = std::move(next);
  }
  return std::make_unique<prepared_codes>(*this, rows.size(), std::move(outputs));
}

} // namespace souk::models
