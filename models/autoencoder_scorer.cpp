#include "models/autoencoder_scorer.hpp"

#include "core/random.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "models/ranking.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>
#include <cstring>

namespace souk::models {

namespace {

constexpr std::size_t rows_per_small_batch = 16;

/// Products of a batch belong to one thread; `ranking` shares out batches and tiles.
kernels::worker_pool& lone_worker() {
  static kernels::worker_pool pool{1};
  return pool;
}

} // namespace

/// The last hidden layer of a batch, [padded rows, width].
class prepared_codes : public prepared_rows {
public:
  prepared_codes(const autoencoder_scorer& model, core::aligned_vector<float> hidden)
    : model_{model}, hidden_{std::move(hidden)} {
    // nop
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    const auto last = model_.shape_.layers().size() - 1;
    const auto end = first_item + out.columns;
    kernels::product_with_transposed(
      lone_worker(), model_.inputs_of(last, hidden_, out.rows),
      model_.weight(last).row_range(first_item, end), out);
    kernels::add_bias(model_.bias(last).subspan(first_item, out.columns), out);
  }

private:
  const autoencoder_scorer& model_;
  core::aligned_vector<float> hidden_;
};

autoencoder_scorer::autoencoder_scorer(core::snapshot model)
  : model_{std::move(model)}, shape_{shape_options_of(model_),
                                     static_cast<std::uint32_t>(
                                       whole_number(model_, "num_items"))} {
  for (const auto& spec : shape_.layout().tensors())
    tensors_.push_back(&floats_of(model_, spec.name, spec.shape));
  small_batches_ = small_batches_have_equal_bits();
}

kernels::const_matrix autoencoder_scorer::weight(std::size_t layer) const {
  const auto& tensor = *tensors_[shape_.layers()[layer].weight];
  return {tensor.floats.data(), tensor.shape[0], tensor.shape[1]};
}

kernels::const_matrix
autoencoder_scorer::inputs_of(std::size_t layer,
                              const core::aligned_vector<float>& outputs_before,
                              std::size_t rows) const {
  // An encoder that ends in means and log-variances passes on its means alone.
  return {outputs_before.data(), rows, shape_.layers()[layer].inputs,
          shape_.layers()[layer - 1].outputs};
}

core::span<const float> autoencoder_scorer::bias(std::size_t layer) const {
  return tensors_[shape_.layers()[layer].bias]->floats;
}

std::size_t autoencoder_scorer::padded_rows(std::size_t rows) const {
  return small_batches_ && rows <= rows_per_small_batch ? rows_per_small_batch
                                                        : rows_per_batch;
}

void autoencoder_scorer::finish_layer(std::size_t layer,
                                      kernels::matrix outputs) const {
  if (shape_.layers()[layer].has_tanh)
    kernels::tanh_with_bias(bias(layer), outputs);
  else
    kernels::add_bias(bias(layer), outputs);
}

core::aligned_vector<float> autoencoder_scorer::encode(const request_rows& rows) const {
  const auto width = shape_.layers().front().outputs;
  const auto padded = padded_rows(rows.size());
  core::aligned_vector<float> outputs(padded * width);
  std::vector<core::item_id> items;
  std::vector<float> values;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto history = rows.request.history->row(rows.begin + row);
    items.resize(history.size());
    values.resize(history.size());
    kernels::normalise_items(history, {items.data(), values.data()});
    kernels::sum_of_rows(weight(0), items, values, outputs.data() + row * width);
  }
  finish_layer(0, {outputs.data(), padded, width});
  return outputs;
}

core::aligned_vector<float>
autoencoder_scorer::layer_outputs(std::size_t layer,
                                  const core::aligned_vector<float>& inputs,
                                  std::size_t rows) const {
  const auto width = shape_.layers()[layer].outputs;
  core::aligned_vector<float> outputs(rows * width);
  const kernels::matrix out{outputs.data(), rows, width};
  kernels::product_with_transposed(lone_worker(), inputs_of(layer, inputs, rows),
                                   weight(layer), out);
  finish_layer(layer, out);
  return outputs;
}

std::unique_ptr<prepared_rows>
autoencoder_scorer::prepare(const request_rows& rows) const {
  auto hidden = encode(rows);
  const auto padded = padded_rows(rows.size());
  for (std::size_t layer = 1; layer + 1 < shape_.layers().size(); ++layer)
    hidden = layer_outputs(layer, hidden, padded);
  return std::make_unique<prepared_codes>(*this, std::move(hidden));
}

bool autoencoder_scorer::small_batches_have_equal_bits() const {
  const auto last = shape_.layers().size() - 1;
  const core::draw_site site{0, core::stream::synthetic_data, 0, 0};
  for (std::size_t layer = 1; layer <= last; ++layer) {
    const auto& spec = shape_.layers()[layer];
    core::aligned_vector<float> inputs(rows_per_batch * spec.inputs);
    core::fill_uniforms(site, inputs);
    // Items come in tiles; the first and the last one have all the shapes there are.
    const auto tile =
      layer == last ? std::min(spec.outputs, items_per_tile) : spec.outputs;
    for (const auto begin : {std::size_t{0}, spec.outputs / tile * tile}) {
      const auto end = std::min(begin + tile, spec.outputs);
      if (begin == end)
        continue;
      core::aligned_vector<float> many(rows_per_batch * (end - begin));
      core::aligned_vector<float> few(rows_per_small_batch * (end - begin));
      const auto part = weight(layer).row_range(begin, end);
      kernels::product_with_transposed(
        lone_worker(), {inputs.data(), rows_per_batch, spec.inputs}, part,
        {many.data(), rows_per_batch, end - begin});
      kernels::product_with_transposed(
        lone_worker(), {inputs.data(), rows_per_small_batch, spec.inputs}, part,
        {few.data(), rows_per_small_batch, end - begin});
      if (std::memcmp(few.data(), many.data(), few.size() * sizeof(float)) != 0)
        return false;
    }
  }
  return true;
}

} // namespace souk::models
