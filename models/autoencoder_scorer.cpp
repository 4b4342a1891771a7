#include "models/autoencoder_scorer.hpp"

#include "models/autoencoder_shape.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/gaussian_code.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>

namespace souk::models {

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
  variational_ = shape.is_variational();
  code_ = shape.num_encoder_layers() - 1;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    // A code's means come first, then its log-variances.
    const auto has_variances = i == code_ && variational_;
    const auto outputs = has_variances ? shape.latent() : layer.outputs;
    auto values = take(layer.weight);
    auto bias = take(layer.bias);
    if (has_variances && i > 0) {
      dense_variances_.weights = kernels::packed_weights{
        {values.data() + outputs * layer.inputs, outputs, layer.inputs}};
      dense_variances_.bias.assign(bias.data() + outputs, bias.data() + 2 * outputs);
    } else if (has_variances) {
      sparse_variances_.bias.assign(bias.data() + outputs, bias.data() + 2 * outputs);
    }
    bias.resize(outputs);
    if (i == 0) {
      first_.values = std::move(values);
      first_.weights = {first_.values.data(), layer.inputs, outputs, layer.outputs};
      first_.bias = std::move(bias);
      first_.has_tanh = layer.has_tanh;
      if (has_variances)
        sparse_variances_.weights = {first_.values.data() + outputs, layer.inputs,
                                     outputs, layer.outputs};
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
  if (has_tanh)
    kernels::tanh_with_bias(bias, out);
  else
    kernels::add_bias(bias, out);
}

void autoencoder_scorer::dense_layer::apply(kernels::const_matrix rows,
                                            std::size_t first_output,
                                            kernels::matrix out) const {
  weights.apply(rows, has_tanh ? core::span<const float>{} : bias, first_output, out);
  if (has_tanh)
    kernels::tanh_with_bias({bias.data() + first_output, out.columns}, out);
}

void autoencoder_scorer::draw_codes(const request_rows& rows,
                                    kernels::const_matrix inputs,
                                    kernels::matrix codes) const {
  core::aligned_buffer<float> log_variances{rows.size() * codes.columns};
  const kernels::matrix variances{log_variances.data(), rows.size(), codes.columns};
  if (code_ == 0)
    sparse_variances_.apply(rows, variances);
  else
    dense_variances_.apply(inputs, 0, variances);
  core::aligned_buffer<float> scratch{3 * codes.columns};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    kernels::gaussian_code code;
    code.mean = scratch.data();
    code.log_variance = variances.row(row);
    code.deviation = scratch.data() + codes.columns;
    code.noise = scratch.data() + 2 * codes.columns;
    code.code = codes.row(row);
    code.size = codes.columns;
    std::copy_n(codes.row(row), codes.columns, scratch.data());
    kernels::draw_code((*rows.request.posterior)[rows.begin + row], code);
  }
}

std::unique_ptr<prepared_rows>
autoencoder_scorer::prepare(const request_rows& rows) const {
  const auto room_for = [&](std::size_t outputs) {
    return core::aligned_buffer<float>{rows.size() * outputs};
  };
  auto width = first_.weights.columns;
  auto outputs = room_for(width);
  first_.apply(rows, {outputs.data(), rows.size(), width});
  if (code_ == 0 && rows.request.posterior != nullptr)
    draw_codes(rows, {nullptr, 0, 0}, {outputs.data(), rows.size(), width});
  for (std::size_t i = 0; i + 1 < others_.size(); ++i) {
    const auto& layer = others_[i];
    auto next = room_for(layer.weights.outputs());
    const kernels::const_matrix inputs{outputs.data(), rows.size(), width};
    const kernels::matrix results{next.data(), rows.size(), layer.weights.outputs()};
    layer.apply(inputs, 0, results);
    if (i + 1 == code_ && rows.request.posterior != nullptr)
      draw_codes(rows, inputs, results);
    width = results.columns;
    outputs = std::move(next);
  }
  return std::make_unique<prepared_codes>(*this, rows.size(), std::move(outputs));
}

} // namespace souk::models
