// Torch's macros and Catch's clash, so this file knows no Catch.
#include "tests/models/autograd_oracle.hpp"

#include <torch/torch.h>

namespace souk::models::testing {

namespace {

torch::Tensor
matrix(const std::vector<float>& values, std::size_t rows, std::size_t columns) {
  return torch::tensor(torch::ArrayRef<float>{values}, torch::kFloat64)
    .reshape({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
}

} // namespace

oracle_result differentiate(const oracle_batch& batch) {
  const auto items = batch.encoder.front();
  const auto latent = batch.decoder.front();
  std::vector<torch::Tensor> parameters;
  auto hidden = matrix(batch.inputs, batch.rows, items);
  const auto apply = [&](std::size_t in, std::size_t out, bool is_first) {
    const auto number = parameters.size();
    parameters.push_back(is_first ? matrix(batch.parameters[number], in, out)
                                  : matrix(batch.parameters[number], out, in));
    parameters.push_back(matrix(batch.parameters[number + 1], 1, out));
    parameters[number].requires_grad_(true);
    parameters[number + 1].requires_grad_(true);
    const auto weight = is_first ? parameters[number] : parameters[number].t();
    hidden = hidden.mm(weight) + parameters[number + 1];
  };
  for (std::size_t i = 0; i + 1 < batch.encoder.size(); ++i) {
    apply(batch.encoder[i], batch.encoder[i + 1], i == 0);
    if (!batch.variational || i + 2 < batch.encoder.size())
      hidden = hidden.tanh();
  }
  auto divergence = torch::zeros({}, torch::kFloat64);
  if (batch.variational) {
    const auto halves = hidden.chunk(2, 1);
    divergence = 0.5 * (halves[1].exp() + halves[0].square() - 1 - halves[1]).sum();
    hidden =
      halves[0] + (0.5 * halves[1]).exp() * matrix(batch.noise, batch.rows, latent);
  }
  for (std::size_t i = 0; i + 1 < batch.decoder.size(); ++i) {
    apply(batch.decoder[i], batch.decoder[i + 1], false);
    if (i + 2 < batch.decoder.size())
      hidden = hidden.tanh();
  }
  const auto likelihood =
    -(torch::log_softmax(hidden, 1) * matrix(batch.targets, batch.rows, items)).sum();
  ((likelihood + batch.divergence_weight * divergence) / batch.batch_users).backward();

  oracle_result result;
  result.negative_log_likelihood = likelihood.item<double>();
  result.divergence = divergence.item<double>();
  for (const auto& parameter : parameters) {
    const auto gradient = parameter.grad().contiguous();
    const auto* values = gradient.data_ptr<double>();
    result.gradients.emplace_back(values, values + gradient.numel());
  }
  return result;
}

} // namespace souk::models::testing
