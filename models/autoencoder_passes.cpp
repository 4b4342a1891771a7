// The learner's own passes of one step: the layers that see the items. What lies
// between them is the middle's.
#include "models/autoencoder_learner.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/multinomial_likelihood.hpp"

namespace souk::models {

namespace {

kernels::const_matrix weight_of(const autoencoder_shape& shape,
                                const autoencoder_layer& layer,
                                core::span<const float> parameters) {
  const auto& spec = shape.layout()[layer.weight];
  return {view(parameters, spec).data(), spec.shape[0], spec.shape[1]};
}

} // namespace

kernels::matrix autoencoder_learner::logits() {
  return {logits_.data(), run_.total_rows(), shape_.num_items(),
          kernels::padded(shape_.num_items())};
}

void autoencoder_learner::drop_inputs(const work& now) {
  inputs_.make_room([&](std::size_t row) { return rows_[row].items.size(); });
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    const core::draw_site site{now.step.seed, core::stream::dropout, rows_[row].user,
                               static_cast<std::uint32_t>(now.step.number)};
    inputs_.set_length(
      row, kernels::drop_items(site, dropout_, rows_[row].items, inputs_.room(row)));
  });
}

void autoencoder_learner::sum_inputs(const work& now) {
  inputs_.forward(weight_of(shape_, shape_.layers().front(), now.parameters),
                  middle_.first_layer());
}

void autoencoder_learner::make_logits(const work& now) {
  // The bias is added where the logits are read.
  last_products_->forward(middle_.hidden(),
                          weight_of(shape_, shape_.layers().back(), now.parameters),
                          logits());
}

void autoencoder_learner::compare_with_rows(const work& now) {
  const auto bias = view(now.parameters, shape_.layout()[shape_.layers().back().bias]);
  const auto weight =
    static_cast<float>(1.0 / static_cast<double>(now.step.batch_users));
  for_rows(pool_, run_.total_rows(), [&](std::size_t row) {
    likelihoods_[row] = kernels::multinomial_likelihood(logits().row(row), bias,
                                                        rows_[row].items, weight);
  });
}

void autoencoder_learner::differentiate_logits(const work& now) {
  // The likelihood turned the logits into their gradient in place.
  const auto& spec = shape_.layers().back();
  last_products_->weight_gradient(
    logits(), middle_.hidden(),
    {{now.out.dense(spec.weight).data(), spec.outputs, spec.inputs},
     now.out.dense(spec.bias)});
  last_products_->backward(logits(), weight_of(shape_, spec, now.parameters),
                           middle_.hidden_gradients());
}

void autoencoder_learner::differentiate_inputs(const work& now) {
  inputs_.weight_gradient(middle_.first_layer_gradients(),
                          shape_.layers().front().weight, now.out);
}

} // namespace souk::models
