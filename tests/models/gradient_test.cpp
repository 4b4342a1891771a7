#include "core/random.hpp"
#include "models/learner.hpp"
#include "tests/models/autograd_oracle.hpp"
#include "tests/models/precisions.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

struct network {
  std::string kind;
  std::uint32_t items;
  std::vector<std::uint32_t> hidden;
  std::uint32_t latent;
  std::uint32_t rows;
  double dropout;
};

// Ten shapes: one item, few and many; no hidden layer to three; widths that do and do
// not fill SIMD registers.
const std::vector<network> networks{
  {"mult_vae", 1, {3}, 2, 3, 0.0},           {"mult_dae", 1, {}, 1, 2, 0.5},
  {"mult_vae", 50, {}, 5, 10, 0.5},          {"mult_vae", 333, {32}, 7, 25, 0.5},
  {"mult_dae", 333, {40}, 16, 25, 0.3},      {"mult_vae", 700, {48, 24}, 12, 31, 0.5},
  {"mult_dae", 128, {33, 17}, 9, 12, 0.5},   {"mult_vae", 90, {20, 15, 11}, 6, 9, 0.2},
  {"mult_dae", 90, {20, 15, 11}, 6, 9, 0.0}, {"mult_vae", 2100, {600}, 50, 20, 0.5}};

model_options options_of(const network& net) {
  model_options options;
  options.kind = net.kind;
  options.hidden = net.hidden;
  options.latent = net.latent;
  options.dropout = net.dropout;
  options.kl_anneal_steps = 10;
  options.kl_cap = 0.7;
  return options;
}

constexpr training_step step{99, 4, 17};

training_block without_padding(const training_block& block) {
  training_block real;
  real.rows.num_items = block.rows.num_items;
  for (std::size_t row = 0; row < block.users.size(); ++row)
    if (block.users[row] != core::no_user) {
      real.users.push_back(block.users[row]);
      real.rows.append_row(block.rows.row(row));
    }
  return real;
}

/// Makes the batch's draws as learner.hpp names them.
oracle_batch oracle_batch_of(const network& net,
                             const training_block& block,
                             const learner& model,
                             core::span<const float> parameters) {
  oracle_batch batch;
  batch.variational = net.kind == "mult_vae";
  batch.encoder = {net.items};
  batch.encoder.insert(batch.encoder.end(), net.hidden.begin(), net.hidden.end());
  batch.decoder = batch.encoder;
  batch.encoder.push_back(batch.variational ? 2 * net.latent : net.latent);
  batch.decoder.push_back(net.latent);
  std::reverse(batch.decoder.begin(), batch.decoder.end());
  batch.rows = net.rows;
  batch.divergence_weight = 0.4; // step 4 of 10
  batch.batch_users = step.batch_users;
  batch.inputs.resize(batch.rows * net.items);
  batch.targets.resize(batch.rows * net.items);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto items = block.rows.row(row);
    const auto length = std::sqrt(static_cast<double>(items.size()));
    for (std::uint32_t i = 0; i < items.size(); ++i) {
      batch.targets[row * net.items + items[i]] = 1;
      if (core::uniform({step.seed, core::stream::dropout, block.users[row], 4}, i)
          >= net.dropout)
        batch.inputs[row * net.items + items[i]] =
          static_cast<float>(1 / length / (1 - net.dropout));
    }
    for (std::uint32_t i = 0; i < net.latent; ++i)
      batch.noise.push_back(static_cast<float>(core::normal(
        {step.seed, core::stream::reparameterise, block.users[row], 4}, i)));
  }
  for (const auto& spec : model.layout().tensors()) {
    const auto values = view(parameters, spec);
    batch.parameters.emplace_back(values.begin(), values.end());
  }
  return batch;
}

/// All elements of a tensor's gradient, untouched rows included.
std::vector<float> in_full(const core::gradient& gradient, std::size_t number) {
  const auto& spec = gradient.layout()[number];
  std::vector<float> values(spec.size());
  for (const auto& run : gradient.slice({spec.offset, spec.offset + spec.size()}))
    std::copy_n(run.values, run.length, values.data() + (run.offset - spec.offset));
  return values;
}

/// The largest error of a tensor, relative to the largest gradient in it.
double worst_error(core::span<const float> found, const std::vector<double>& exact) {
  double error = 0;
  double size = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    error = std::max(error, std::abs(static_cast<double>(found[i]) - exact[i]));
    size = std::max(size, std::abs(exact[i]));
  }
  return size == 0 ? error : error / size;
}

/// Parameters whose biases are large enough to show errors: they start near zero.
core::parameter_arena parameters_for(const network& net, const learner& model) {
  core::parameter_arena parameters(model.layout().size());
  make_network(options_of(net), net.items)->initialise(7, parameters);
  for (const auto& spec : model.layout().tensors())
    if (spec.shape.size() == 1)
      for (auto& value : view(core::span<float>{parameters}, spec))
        value *= 200;
  return parameters;
}

/// Adds the gradients of another block.
void add(const oracle_result& block, std::vector<std::vector<double>>& sums) {
  sums.resize(block.gradients.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i].resize(block.gradients[i].size());
    for (std::size_t j = 0; j < sums[i].size(); ++j)
      sums[i][j] += block.gradients[i][j];
  }
}

/// The root mean square of a tensor's errors, relative to that of its gradients.
double typical_error(core::span<const float> found, const std::vector<double>& exact) {
  double errors = 0;
  double squares = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    errors += std::pow(static_cast<double>(found[i]) - exact[i], 2);
    squares += std::pow(exact[i], 2);
  }
  return std::sqrt(squares == 0 ? errors : errors / squares);
}

} // namespace

TEST_CASE("gradients derived by hand equal autograd's", "[models][learner][gradient]") {
  for (const auto& net : networks) {
    INFO(net.kind << ", " << net.items << " items, " << net.hidden.size()
                  << " hidden layers");
    const auto model = make_learner(options_of(net), net.items, {net.rows, 1, 2});
    const auto parameters = parameters_for(net, *model);
    const auto blocks = blocks_of(random_rows(net.rows, net.items, 30), 1, net.rows);
    core::gradient gradient{model->layout()};
    block_loss loss;
    model->accumulate(step, blocks, parameters, gradient, {&loss, 1});
    const auto expected =
      differentiate(oracle_batch_of(net, blocks[0], *model, parameters));
    CHECK(loss.negative_log_likelihood
          == Approx(expected.negative_log_likelihood).epsilon(1e-5).margin(1e-5));
    CHECK(loss.divergence == Approx(expected.divergence).epsilon(1e-5));
    for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
      INFO(model->layout()[i].name);
      CHECK(worst_error(in_full(gradient, i), expected.gradients[i]) <= 1e-5);
    }
  }
}

TEST_CASE("a run of blocks, padding among them, has the sum of autograd's gradients",
          "[models][learner][gradient]") {
  constexpr std::size_t num_blocks = 4;
  for (const auto& net : networks) {
    if (net.rows < 4)
      continue;
    INFO(net.kind << ", " << net.items << " items, " << net.hidden.size()
                  << " hidden layers");
    const auto model =
      make_learner(options_of(net), net.items, {net.rows, num_blocks, 2});
    const auto parameters = parameters_for(net, *model);
    // The third block is padded, and the last one is nothing else.
    const auto users = 2 * net.rows + net.rows / 2;
    const auto blocks =
      blocks_of(random_rows(users, net.items, 30), num_blocks, net.rows);
    core::gradient gradient{model->layout()};
    std::vector<block_loss> losses(num_blocks);
    model->accumulate(step, blocks, parameters, gradient, losses);
    std::vector<std::vector<double>> sums;
    for (std::size_t block = 0; block + 1 < num_blocks; ++block) {
      INFO("block " << block);
      const auto real = without_padding(blocks[block]);
      auto alone = net;
      alone.rows = static_cast<std::uint32_t>(real.users.size());
      const auto expected =
        differentiate(oracle_batch_of(alone, real, *model, parameters));
      CHECK(losses[block].negative_log_likelihood
            == Approx(expected.negative_log_likelihood).epsilon(1e-5));
      CHECK(losses[block].divergence == Approx(expected.divergence).epsilon(1e-5));
      add(expected, sums);
    }
    CHECK(losses.back().negative_log_likelihood == 0);
    CHECK(losses.back().divergence == 0);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      INFO(model->layout()[i].name);
      CHECK(worst_error(in_full(gradient, i), sums[i]) <= 1e-5);
    }
  }
}

TEST_CASE("gradients in bf16 are autograd's, up to the rounding of operands",
          "[models][learner][gradient][bf16]") {
  const auto operands = GENERATE(from_range(precisions()));
  if (operands == precision::fp32)
    return; // the other cases'
  // bf16 has 8 bits of fraction: a product of two rounded numbers is off by up to 2^-8,
  // and a sum of many by less. Two of them have 16.
  const auto most = operands == precision::bf16 ? 0x1p-8 : 0x1p-16;
  for (const auto& net : networks) {
    INFO(net.kind << ", " << net.items << " items, " << net.hidden.size()
                  << " hidden layers");
    const auto model =
      make_learner(options_of(net), net.items, {net.rows, 1, 2, operands});
    const auto parameters = parameters_for(net, *model);
    const auto blocks = blocks_of(random_rows(net.rows, net.items, 30), 1, net.rows);
    core::gradient gradient{model->layout()};
    block_loss loss;
    model->accumulate(step, blocks, parameters, gradient, {&loss, 1});
    const auto expected =
      differentiate(oracle_batch_of(net, blocks[0], *model, parameters));
    CHECK(loss.negative_log_likelihood
          == Approx(expected.negative_log_likelihood).epsilon(1e-3).margin(1e-5));
    CHECK(loss.divergence == Approx(expected.divergence).epsilon(1e-5));
    for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
      INFO(model->layout()[i].name);
      CHECK(typical_error(in_full(gradient, i), expected.gradients[i]) <= most);
    }
  }
}
