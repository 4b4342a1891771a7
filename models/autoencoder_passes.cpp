// The passes of one block: forward from items to logits, then back. In backward passes
// the chain rule runs from `gradients_of(layer)` (by the layer's linear output) to
// `gradients_of(layer - 1)`.
#include "core/error.hpp"
#include "models/autoencoder_learner.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/gaussian_code.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/kernels/sum_of_rows.hpp"

#include <algorithm>

namespace souk::models {

namespace {

// Small enough to share among threads, big enough to be worth a call.
constexpr std::size_t rows_per_tile = 4;
constexpr std::size_t columns_per_tile = 1024;

bool is_padding(core::user_id user) {
  return user == core::no_user;
}

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

kernels::matrix autoencoder_learner::outputs_of(std::size_t layer) {
  const auto columns = shape_.layers()[layer].outputs;
  return {outputs_[layer].data(), rows_, columns, kernels::padded(columns)};
}

kernels::matrix autoencoder_learner::gradients_of(std::size_t layer) {
  // The likelihood turned the logits into their gradient in place.
  if (layer + 1 == shape_.layers().size())
    return outputs_of(layer);
  const auto columns = shape_.layers()[layer].outputs;
  return {gradients_[layer].data(), rows_, columns, kernels::padded(columns)};
}

kernels::matrix autoencoder_learner::codes() {
  if (!shape_.is_variational())
    return outputs_of(shape_.num_encoder_layers() - 1);
  return {codes_.data(), rows_, shape_.latent()};
}

kernels::matrix autoencoder_learner::code_gradients() {
  if (!shape_.is_variational())
    return gradients_of(shape_.num_encoder_layers() - 1);
  return {code_gradients_.data(), rows_, shape_.latent()};
}

void autoencoder_learner::drop_inputs(const work& block) {
  const auto& rows = block.blocks[0].rows;
  inputs_.items.resize(rows.items.size());
  inputs_.values.resize(rows.items.size());
  const kernels::tiling tiles{rows_, rows_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto row = tiles.begin(tile); row < tiles.end(tile); ++row) {
      const auto user = block.blocks[0].users[row];
      const auto begin = rows.offsets[row];
      inputs_.begins[row] = begin;
      inputs_.counts[row] = 0;
      if (is_padding(user))
        continue;
      const core::draw_site site{block.step.seed, core::stream::dropout, user,
                                 static_cast<std::uint32_t>(block.step.number)};
      inputs_.counts[row] = static_cast<std::uint32_t>(kernels::drop_items(
        site, options_.dropout, rows.row(row),
        {inputs_.items.data() + begin, inputs_.values.data() + begin}));
    }
  });
}

void autoencoder_learner::encode(core::span<const float> parameters) {
  const auto table = weight_of(shape_, 0, parameters);
  const auto outputs = outputs_of(0);
  const kernels::tiling tiles{rows_, rows_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto row = tiles.begin(tile); row < tiles.end(tile); ++row)
      kernels::sum_of_rows(
        table, {inputs_.items.data() + inputs_.begins[row], inputs_.counts[row]},
        {inputs_.values.data() + inputs_.begins[row], inputs_.counts[row]},
        outputs.row(row));
  });
  finish_layer(0, parameters);
  for (std::size_t layer = 1; layer < shape_.num_encoder_layers(); ++layer)
    apply_layer(layer, outputs_of(layer - 1), parameters);
}

void autoencoder_learner::apply_layer(std::size_t layer,
                                      kernels::const_matrix inputs,
                                      core::span<const float> parameters) {
  kernels::product_with_transposed(pool_, inputs, weight_of(shape_, layer, parameters),
                                   outputs_of(layer));
  // The last layer's bias is added where its logits are read.
  if (layer + 1 < shape_.layers().size())
    finish_layer(layer, parameters);
}

void autoencoder_learner::finish_layer(std::size_t layer,
                                       core::span<const float> parameters) {
  const auto bias = bias_of(shape_, layer, parameters);
  const auto outputs = outputs_of(layer);
  const kernels::tiling tiles{rows_, rows_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    const auto rows = outputs.row_range(tiles.begin(tile), tiles.end(tile));
    if (shape_.layers()[layer].has_tanh)
      kernels::tanh_with_bias(bias, rows);
    else
      kernels::add_bias(bias, rows);
  });
}

void autoencoder_learner::draw_codes(const work& block) {
  const auto posterior = outputs_of(shape_.num_encoder_layers() - 1);
  const auto latent = shape_.latent();
  const kernels::tiling tiles{rows_, rows_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto row = tiles.begin(tile); row < tiles.end(tile); ++row) {
      const auto user = block.blocks[0].users[row];
      if (is_padding(user)) {
        std::fill_n(codes_.data() + row * latent, latent, 0.0F);
        divergences_[row] = 0;
        continue;
      }
      const core::draw_site site{block.step.seed, core::stream::reparameterise, user,
                                 static_cast<std::uint32_t>(block.step.number)};
      divergences_[row] = kernels::draw_code(
        site, {posterior.row(row), posterior.row(row) + latent,
               deviations_.data() + row * latent, noise_.data() + row * latent,
               codes_.data() + row * latent, latent});
    }
  });
}

void autoencoder_learner::decode(core::span<const float> parameters) {
  for (auto layer = shape_.num_encoder_layers(); layer < shape_.layers().size();
       ++layer)
    apply_layer(layer,
                layer == shape_.num_encoder_layers() ? codes() : outputs_of(layer - 1),
                parameters);
}

void autoencoder_learner::compare_with_rows(const work& block) {
  const auto last = shape_.layers().size() - 1;
  const auto logits = outputs_of(last);
  const auto bias = bias_of(shape_, last, block.parameters);
  const auto weight =
    static_cast<float>(1.0 / static_cast<double>(block.step.batch_users));
  const kernels::tiling tiles{rows_, rows_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto row = tiles.begin(tile); row < tiles.end(tile); ++row) {
      const auto items = is_padding(block.blocks[0].users[row])
                           ? core::span<const core::item_id>{}
                           : block.blocks[0].rows.row(row);
      likelihoods_[row] =
        kernels::multinomial_likelihood(logits.row(row), bias, items, weight);
    }
  });
}

void autoencoder_learner::sum_bias_gradient(std::size_t layer, partial_sum out) {
  const auto gradients = gradients_of(layer);
  const auto bias = view(out.values, layout()[shape_.layers()[layer].bias]);
  const kernels::tiling tiles{gradients.columns, columns_per_tile};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    kernels::sum_columns(gradients, tiles.begin(tile), tiles.end(tile),
                         bias.data() + tiles.begin(tile));
  });
}

void autoencoder_learner::differentiate_layer(std::size_t layer,
                                              kernels::const_matrix inputs,
                                              partial_sum out) {
  const auto& spec = layout()[shape_.layers()[layer].weight];
  kernels::transposed_product(
    pool_, gradients_of(layer), inputs,
    {view(out.values, spec).data(), spec.shape[0], spec.shape[1]});
  sum_bias_gradient(layer, out);
}

void autoencoder_learner::differentiate_decoder(core::span<const float> parameters,
                                                partial_sum out) {
  for (auto layer = shape_.layers().size(); layer-- > shape_.num_encoder_layers();) {
    const auto from_codes = layer == shape_.num_encoder_layers();
    const auto inputs = from_codes ? codes() : outputs_of(layer - 1);
    const auto input_gradients =
      from_codes ? code_gradients() : gradients_of(layer - 1);
    differentiate_layer(layer, inputs, out);
    kernels::product(pool_, gradients_of(layer), weight_of(shape_, layer, parameters),
                     input_gradients);
    if (!from_codes || !shape_.is_variational())
      kernels::multiply_by_tanh_slope(inputs, input_gradients);
  }
}

void autoencoder_learner::differentiate_codes(const work& block) {
  const auto last = shape_.num_encoder_layers() - 1;
  const auto posterior = outputs_of(last);
  const auto gradients = gradients_of(last);
  const auto latent = shape_.latent();
  const auto weight =
    divergence_weight(block.step.number) / static_cast<float>(block.step.batch_users);
  for (std::size_t row = 0; row < rows_; ++row) {
    if (is_padding(block.blocks[0].users[row])) {
      std::fill_n(gradients.row(row), 2 * latent, 0.0F);
      continue;
    }
    kernels::differentiate_code({posterior.row(row), posterior.row(row) + latent,
                                 deviations_.data() + row * latent,
                                 noise_.data() + row * latent,
                                 codes_.data() + row * latent, latent},
                                code_gradients_.data() + row * latent, weight,
                                gradients.row(row), gradients.row(row) + latent);
  }
}

void autoencoder_learner::differentiate_encoder(core::span<const float> parameters,
                                                partial_sum out) {
  for (auto layer = shape_.num_encoder_layers() - 1; layer > 0; --layer) {
    differentiate_layer(layer, outputs_of(layer - 1), out);
    kernels::product(pool_, gradients_of(layer), weight_of(shape_, layer, parameters),
                     gradients_of(layer - 1));
    kernels::multiply_by_tanh_slope(outputs_of(layer - 1), gradients_of(layer - 1));
  }
  sum_bias_gradient(0, out);
  differentiate_first_layer(out);
}

void autoencoder_learner::differentiate_first_layer(partial_sum out) {
  auto& touched = *out.touched;
  touched.clear();
  for (std::size_t row = 0; row < rows_; ++row)
    touched.insert(touched.end(), inputs_.items.data() + inputs_.begins[row],
                   inputs_.items.data() + inputs_.begins[row] + inputs_.counts[row]);
  const auto num_inputs = touched.size();
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  transposed_.offsets.assign(touched.size() + 1, 0);
  transposed_.rows.resize(num_inputs);
  transposed_.values.resize(num_inputs);
  for (std::size_t place = 0; place < touched.size(); ++place)
    transposed_.place_of_item[touched[place]] = static_cast<std::uint32_t>(place);
  transpose_inputs();
  const auto gradients = gradients_of(0);
  const auto width = shape_.layers().front().outputs;
  const kernels::tiling tiles{touched.size(), 16};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto place = tiles.begin(tile); place < tiles.end(tile); ++place) {
      const auto begin = transposed_.offsets[place];
      const auto count = transposed_.offsets[place + 1] - begin;
      kernels::sum_of_rows(gradients, {transposed_.rows.data() + begin, count},
                           {transposed_.values.data() + begin, count},
                           out.values.data() + touched[place] * width);
    }
  });
}

void autoencoder_learner::transpose_inputs() {
  auto& offsets = transposed_.offsets;
  const auto over_inputs = [&](const auto& body) {
    for (std::size_t row = 0; row < rows_; ++row)
      for (auto i = inputs_.begins[row]; i < inputs_.begins[row] + inputs_.counts[row];
           ++i)
        body(row, transposed_.place_of_item[inputs_.items[i]], inputs_.values[i]);
  };
  over_inputs([&](std::size_t, std::uint32_t place, float) { ++offsets[place]; });
  // Offsets first mark the ends of their items; filling from the back turns them into
  // beginnings and leaves rows ascending.
  std::uint64_t end = 0;
  for (auto& offset : offsets)
    offset = end += offset;
  for (auto row = rows_; row-- > 0;)
    for (auto i = inputs_.begins[row] + inputs_.counts[row];
         i-- > inputs_.begins[row];) {
      const auto slot = --offsets[transposed_.place_of_item[inputs_.items[i]]];
      transposed_.rows[slot] = static_cast<std::uint32_t>(row);
      transposed_.values[slot] = inputs_.values[i];
    }
}

} // namespace souk::models
