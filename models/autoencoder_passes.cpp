// The passes of one step: forward from items to logits, then back. In backward passes
// the chain rule runs from `gradients_of(layer)` (by the layer's linear output) to
// `gradients_of(layer - 1)`.
#include "core/error.hpp"
#include "models/autoencoder_learner.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/gaussian_code.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/tiled_products.hpp"

#include <algorithm>

namespace souk::models {

namespace {

// Small enough to share among threads, big enough to be worth a call.
constexpr std::size_t rows_per_job = 4;

kernels::const_matrix weight_of(const autoencoder_shape& shape,
                                std::size_t layer,
                                core::span<const float> parameters) {
  const auto& spec = shape.layout()[shape.layers()[layer].weight];
  return {view(parameters, spec).data(), spec.shape[0], spec.shape[1]};
}

core::span<const float> bias_of(const autoencoder_shape& shape,
                                std::size_t layer,
                                core::span<const float> parameters) {
  return view(parameters, shape.layout()[shape.layers()[layer].bias]);
}

} // namespace

template <class Body>
void autoencoder_learner::for_rows(const Body& body) {
  const kernels::tiling jobs{run_.total_rows(), rows_per_job};
  pool_.parallel_for(jobs.count(), [&](std::size_t job) {
    for (auto row = jobs.begin(job); row < jobs.end(job); ++row)
      body(row);
  });
}

kernels::matrix autoencoder_learner::outputs_of(std::size_t layer) {
  const auto columns = shape_.layers()[layer].outputs;
  return {outputs_[layer].data(), run_.total_rows(), columns, kernels::padded(columns)};
}

kernels::matrix autoencoder_learner::gradients_of(std::size_t layer) {
  // The likelihood turned the logits into their gradient in place.
  if (layer + 1 == shape_.layers().size())
    return outputs_of(layer);
  const auto columns = shape_.layers()[layer].outputs;
  return {gradients_[layer].data(), run_.total_rows(), columns,
          kernels::padded(columns)};
}

kernels::matrix autoencoder_learner::codes() {
  if (!shape_.is_variational())
    return outputs_of(shape_.num_encoder_layers() - 1);
  return {codes_.data(), run_.total_rows(), shape_.latent(),
          kernels::padded(shape_.latent())};
}

kernels::matrix autoencoder_learner::code_gradients() {
  if (!shape_.is_variational())
    return gradients_of(shape_.num_encoder_layers() - 1);
  return {code_gradients_.data(), run_.total_rows(), shape_.latent(),
          kernels::padded(shape_.latent())};
}

void autoencoder_learner::drop_inputs(const work& now) {
  inputs_.make_room([&](std::size_t row) { return rows_[row].items.size(); });
  for_rows([&](std::size_t row) {
    const core::draw_site site{now.step.seed, core::stream::dropout, rows_[row].user,
                               static_cast<std::uint32_t>(now.step.number)};
    inputs_.set_length(row, kernels::drop_items(site, options_.dropout,
                                                rows_[row].items, inputs_.room(row)));
  });
}

void autoencoder_learner::encode(const work& now) {
  inputs_.forward(weight_of(shape_, 0, now.parameters), outputs_of(0));
  finish_layer(0, now);
  for (std::size_t layer = 1; layer < shape_.num_encoder_layers(); ++layer)
    apply_layer(layer, outputs_of(layer - 1), now);
}

void autoencoder_learner::apply_layer(std::size_t layer,
                                      kernels::matrix inputs,
                                      const work& now) {
  products_of(layer).forward(inputs, weight_of(shape_, layer, now.parameters),
                             outputs_of(layer));
  // The last layer's bias is added where its logits are read.
  if (layer + 1 < shape_.layers().size())
    finish_layer(layer, now);
}

void autoencoder_learner::finish_layer(std::size_t layer, const work& now) {
  const auto bias = bias_of(shape_, layer, now.parameters);
  const auto outputs = outputs_of(layer);
  for_rows([&](std::size_t row) {
    if (shape_.layers()[layer].has_tanh)
      kernels::tanh_with_bias(bias, outputs.row_range(row, row + 1));
    else
      kernels::add_bias(bias, outputs.row_range(row, row + 1));
  });
}

void autoencoder_learner::draw_codes(const work& now) {
  const auto posterior = outputs_of(shape_.num_encoder_layers() - 1);
  const auto latent = shape_.latent();
  const auto stride = codes().stride;
  for_rows([&](std::size_t row) {
    if (rows_[row].user == core::no_user) {
      std::fill_n(codes_.data() + row * stride, latent, 0.0F);
      divergences_[row] = 0;
      return;
    }
    const core::draw_site site{now.step.seed, core::stream::reparameterise,
                               rows_[row].user,
                               static_cast<std::uint32_t>(now.step.number)};
    divergences_[row] = kernels::draw_code(
      site, {posterior.row(row), posterior.row(row) + latent,
             deviations_.data() + row * stride, noise_.data() + row * stride,
             codes_.data() + row * stride, latent});
  });
}

void autoencoder_learner::decode(const work& now) {
  for (auto layer = shape_.num_encoder_layers(); layer < shape_.layers().size();
       ++layer)
    apply_layer(layer,
                layer == shape_.num_encoder_layers() ? codes() : outputs_of(layer - 1),
                now);
}

void autoencoder_learner::compare_with_rows(const work& now) {
  const auto last = shape_.layers().size() - 1;
  const auto logits = outputs_of(last);
  const auto bias = bias_of(shape_, last, now.parameters);
  const auto weight =
    static_cast<float>(1.0 / static_cast<double>(now.step.batch_users));
  for_rows([&](std::size_t row) {
    likelihoods_[row] =
      kernels::multinomial_likelihood(logits.row(row), bias, rows_[row].items, weight);
  });
}

void autoencoder_learner::differentiate_layer(std::size_t layer,
                                              kernels::matrix inputs,
                                              const work& now) {
  const auto& spec = shape_.layers()[layer];
  products_of(layer).weight_gradient(
    gradients_of(layer), inputs,
    {now.out.dense(spec.weight).data(), spec.outputs, spec.inputs},
    now.out.dense(spec.bias));
}

void autoencoder_learner::pass_tanh(kernels::const_matrix outputs,
                                    kernels::matrix gradients) {
  for_rows([&](std::size_t row) {
    kernels::multiply_by_tanh_slope(outputs.row_range(row, row + 1),
                                    gradients.row_range(row, row + 1));
  });
}

void autoencoder_learner::differentiate_decoder(const work& now) {
  for (auto layer = shape_.layers().size(); layer-- > shape_.num_encoder_layers();) {
    const auto from_codes = layer == shape_.num_encoder_layers();
    const auto inputs = from_codes ? codes() : outputs_of(layer - 1);
    const auto input_gradients =
      from_codes ? code_gradients() : gradients_of(layer - 1);
    differentiate_layer(layer, inputs, now);
    products_of(layer).backward(
      gradients_of(layer), weight_of(shape_, layer, now.parameters), input_gradients);
    if (!from_codes || !shape_.is_variational())
      pass_tanh(inputs, input_gradients);
  }
}

void autoencoder_learner::differentiate_codes(const work& now) {
  const auto last = shape_.num_encoder_layers() - 1;
  const auto posterior = outputs_of(last);
  const auto gradients = gradients_of(last);
  const auto latent = shape_.latent();
  const auto stride = codes().stride;
  const auto weight =
    divergence_weight(now.step.number) / static_cast<float>(now.step.batch_users);
  for_rows([&](std::size_t row) {
    if (rows_[row].user == core::no_user) {
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

void autoencoder_learner::differentiate_encoder(const work& now) {
  for (auto layer = shape_.num_encoder_layers() - 1; layer > 0; --layer) {
    differentiate_layer(layer, outputs_of(layer - 1), now);
    products_of(layer).backward(gradients_of(layer),
                                weight_of(shape_, layer, now.parameters),
                                gradients_of(layer - 1));
    pass_tanh(outputs_of(layer - 1), gradients_of(layer - 1));
  }
  const auto& first = shape_.layers().front();
  sum_bias_gradient(run_, gradients_of(0), now.out.dense(first.bias));
  inputs_.weight_gradient(gradients_of(0), first.weight, now.out);
}

} // namespace souk::models
