// Forward from the first layer's sums to the last layer's inputs, then back. In
// backward passes the chain rule runs from `gradients_of(layer)` (by the layer's linear
// output) to `gradients_of(layer - 1)`.
#include "models/autoencoder_middle.hpp"

#include "models/kernels/elementwise.hpp"
#include "models/kernels/gaussian_code.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/tiled_products.hpp"

#include <algorithm>

namespace souk::models {

core::arena_range autoencoder_middle::range_of(const autoencoder_shape& shape) {
  const auto& layout = shape.layout();
  return {layout[shape.layers().front().bias].offset,
          layout[shape.layers().back().weight].offset};
}

std::size_t autoencoder_middle::first_tensor_of(const autoencoder_shape& shape) {
  return shape.layers().front().bias;
}

core::parameter_layout autoencoder_middle::layout_of(const autoencoder_shape& shape) {
  core::parameter_layout layout;
  for (auto number = first_tensor_of(shape); number < shape.layers().back().weight;
       ++number)
    layout.add(shape.layout()[number].name, shape.layout()[number].shape);
  return layout;
}

autoencoder_middle::autoencoder_middle(const model_options& options,
                                       const autoencoder_shape& shape,
                                       run_shape run,
                                       kernels::worker_pool& pool)
  : options_{options}, shape_{shape}, run_{run}, pool_{pool}, range_{range_of(shape)},
    divergences_(run.total_rows()) {
  const auto rows = run_.total_rows();
  for (std::size_t i = 0; i < last_layer(); ++i) {
    const auto& layer = shape_.layers()[i];
    if (i > 0)
      products_.push_back(
        make_block_products(pool_, run_, layer.inputs, layer.outputs, precision::fp32));
    outputs_.emplace_back(rows * kernels::padded(layer.outputs));
    gradients_.emplace_back(rows * kernels::padded(layer.outputs));
  }
  if (shape_.is_variational())
    for (auto* part : {&codes_, &noise_, &deviations_, &code_gradients_})
      *part = core::aligned_buffer<float>{rows * kernels::padded(shape_.latent())};
}

kernels::matrix autoencoder_middle::rows_in(const core::aligned_buffer<float>& values,
                                            std::size_t columns) const {
  return {values.data(), run_.total_rows(), columns, kernels::padded(columns)};
}

kernels::matrix autoencoder_middle::outputs_of(std::size_t layer) {
  return rows_in(outputs_[layer], shape_.layers()[layer].outputs);
}

kernels::matrix autoencoder_middle::gradients_of(std::size_t layer) {
  return rows_in(gradients_[layer], shape_.layers()[layer].outputs);
}

kernels::matrix autoencoder_middle::codes() {
  return shape_.is_variational() ? rows_in(codes_, shape_.latent())
                                 : outputs_of(shape_.num_encoder_layers() - 1);
}

kernels::matrix autoencoder_middle::code_gradients() {
  return shape_.is_variational() ? rows_in(code_gradients_, shape_.latent())
                                 : gradients_of(shape_.num_encoder_layers() - 1);
}

kernels::matrix autoencoder_middle::inputs_of(std::size_t layer) {
  return layer == shape_.num_encoder_layers() ? codes() : outputs_of(layer - 1);
}

kernels::matrix autoencoder_middle::input_gradients_of(std::size_t layer) {
  return layer == shape_.num_encoder_layers() ? code_gradients()
                                              : gradients_of(layer - 1);
}

kernels::const_matrix autoencoder_middle::weight_of(std::size_t layer,
                                                    const work& now) const {
  const auto& spec = shape_.layout()[shape_.layers()[layer].weight];
  return {now.parameters.data() + (spec.offset - range_.begin), spec.shape[0],
          spec.shape[1]};
}

core::span<const float> autoencoder_middle::bias_of(std::size_t layer,
                                                    const work& now) const {
  const auto& spec = shape_.layout()[shape_.layers()[layer].bias];
  return now.parameters.subspan(spec.offset - range_.begin, spec.size());
}

void autoencoder_middle::encode(const work& now) {
  finish_layer(0, now);
  for (std::size_t layer = 1; layer < shape_.num_encoder_layers(); ++layer)
    apply_layer(layer, outputs_of(layer - 1), now);
}

void autoencoder_middle::apply_layer(std::size_t layer,
                                     kernels::matrix inputs,
                                     const work& now) {
  products_of(layer).forward(inputs, weight_of(layer, now), outputs_of(layer));
  finish_layer(layer, now);
}

void autoencoder_middle::finish_layer(std::size_t layer, const work& now) {
  const auto bias = bias_of(layer, now);
  const auto outputs = outputs_of(layer);
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    if (shape_.layers()[layer].has_tanh)
      kernels::tanh_with_bias(bias, outputs.row_range(row, row + 1));
    else
      kernels::add_bias(bias, outputs.row_range(row, row + 1));
  });
}

void autoencoder_middle::draw_codes(const work& now) {
  if (!shape_.is_variational())
    return;
  const auto posterior = outputs_of(shape_.num_encoder_layers() - 1);
  const auto latent = shape_.latent();
  const auto stride = codes().stride;
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    if (now.rows[row].user == core::no_user) {
      std::fill_n(codes_.data() + row * stride, latent, 0.0F);
      divergences_[row] = 0;
      return;
    }
    const core::draw_site site{now.step.seed, core::stream::reparameterise,
                               now.rows[row].user,
                               static_cast<std::uint32_t>(now.step.number)};
    divergences_[row] = kernels::draw_code(
      site, {posterior.row(row), posterior.row(row) + latent,
             deviations_.data() + row * stride, noise_.data() + row * stride,
             codes_.data() + row * stride, latent});
  });
}

void autoencoder_middle::decode(const work& now) {
  for (auto layer = shape_.num_encoder_layers(); layer < last_layer(); ++layer)
    apply_layer(layer, inputs_of(layer), now);
}

void autoencoder_middle::differentiate_layer(std::size_t layer,
                                             kernels::matrix inputs,
                                             const destination& to) {
  const auto& spec = shape_.layers()[layer];
  products_of(layer).weight_gradient(
    gradients_of(layer), inputs,
    {{to.out.dense(spec.weight - to.first_tensor).data(), spec.outputs, spec.inputs},
     to.out.dense(spec.bias - to.first_tensor)});
}

void autoencoder_middle::pass_tanh(kernels::const_matrix outputs,
                                   kernels::matrix gradients) {
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    kernels::multiply_by_tanh_slope(outputs.row_range(row, row + 1),
                                    gradients.row_range(row, row + 1));
  });
}

void autoencoder_middle::differentiate_decoder(const work& now, const destination& to) {
  for (auto layer = last_layer();; --layer) {
    const auto from_codes = layer == shape_.num_encoder_layers();
    if (layer < last_layer()) {
      differentiate_layer(layer, inputs_of(layer), to);
      products_of(layer).backward(gradients_of(layer), weight_of(layer, now),
                                  input_gradients_of(layer));
    }
    if (!from_codes || !shape_.is_variational())
      pass_tanh(inputs_of(layer), input_gradients_of(layer));
    if (from_codes)
      return;
  }
}

void autoencoder_middle::differentiate_codes(const work& now) {
  const auto last = shape_.num_encoder_layers() - 1;
  const auto posterior = outputs_of(last);
  const auto gradients = gradients_of(last);
  const auto latent = shape_.latent();
  const auto stride = codes().stride;
  const auto weight =
    divergence_weight(now.step.number) / static_cast<float>(now.step.batch_users);
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    if (now.rows[row].user == core::no_user) {
      std::fill_n(gradients.row(row), 2 * latent, 0.0F);
      return;
    }
    kernels::differentiate_code({posterior.row(row), posterior.row(row) + latent,
                                 deviations_.data() + row * stride,
                                 noise_.data() + row * stride,
                                 codes_.data() + row * stride, latent},
                                code_gradients_.data() + row * stride, weight,
                                gradients.row(row), gradients.row(row) + latent);
  });
}

void autoencoder_middle::differentiate_encoder(const work& now, const destination& to) {
  if (shape_.is_variational())
    differentiate_codes(now);
  for (auto layer = shape_.num_encoder_layers() - 1; layer > 0; --layer) {
    differentiate_layer(layer, outputs_of(layer - 1), to);
    products_of(layer).backward(gradients_of(layer), weight_of(layer, now),
                                gradients_of(layer - 1));
    pass_tanh(outputs_of(layer - 1), gradients_of(layer - 1));
  }
  sum_bias_gradient(run_, gradients_of(0),
                    to.out.dense(shape_.layers().front().bias - to.first_tensor));
}

float autoencoder_middle::divergence_weight(std::uint64_t step) const {
  if (options_.kl_anneal_steps == 0)
    return static_cast<float>(options_.kl_cap);
  return static_cast<float>(
    std::min(options_.kl_cap, static_cast<double>(step)
                                / static_cast<double>(options_.kl_anneal_steps)));
}

} // namespace souk::models
