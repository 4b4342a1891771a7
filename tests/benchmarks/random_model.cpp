#include "tests/benchmarks/random_model.hpp"

#include "core/random.hpp"

#include <cmath>
#include <initializer_list>

namespace souk::benchmarks {

namespace {

constexpr std::uint64_t hidden = 600;
constexpr std::uint64_t latent = 200;

/// Uniform weights of the spread that training begins with.
void add_weights(core::snapshot& model,
                 const std::string& name,
                 std::uint64_t rows,
                 std::uint64_t columns) {
  auto& tensor = model.tensors[name];
  tensor.shape = {rows, columns};
  tensor.floats.resize(rows * columns);
  core::fill_uniforms({1, core::stream::synthetic_data, model.tensors.size(), 1},
                      tensor.floats);
  const auto spread =
    static_cast<float>(std::sqrt(6.0 / static_cast<double>(rows + columns)));
  for (auto& weight : tensor.floats)
    weight = spread * (2 * weight - 1);
}

void add_bias(core::snapshot& model, const std::string& name, std::uint64_t size) {
  auto& tensor = model.tensors[name];
  tensor.shape = {size};
  tensor.floats.assign(size, 0.001F);
}

} // namespace

core::snapshot random_mult_vae(std::uint32_t items) {
  core::snapshot model;
  model.kind = "mult_vae";
  model.options = {{"num_items", std::to_string(items)},
                   {"hidden", std::to_string(hidden)},
                   {"latent", std::to_string(latent)}};
  add_weights(model, "encoder.0.weight", items, hidden);
  add_bias(model, "encoder.0.bias", hidden);
  add_weights(model, "encoder.1.weight", 2 * latent, hidden);
  add_bias(model, "encoder.1.bias", 2 * latent);
  add_weights(model, "decoder.0.weight", hidden, latent);
  add_bias(model, "decoder.0.bias", hidden);
  add_weights(model, "decoder.1.weight", items, hidden);
  add_bias(model, "decoder.1.bias", items);
  return model;
}

} // namespace souk::benchmarks
