#include "models/autoencoder_learner.hpp"

#include "core/error.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/multinomial_likelihood.hpp"

#include <algorithm>

namespace souk::models {

namespace {

enum phase {
  inputs,
  encoder,
  code_draws,
  decoder,
  likelihood,
  decoder_gradient,
  encoder_gradient
};

bool is_power_of_two(std::size_t count) {
  return count > 0 && (count & (count - 1)) == 0;
}

run_shape checked_shape(const model_options& options, const learner_options& run) {
  if (run.rows_per_block == 0)
    throw core::error::request("a block has no users", "model " + options.kind,
                               "let batch_users be at least the number of blocks");
  check_precision(run.precision);
  core::expects(is_power_of_two(run.num_blocks), "a run has a power of two of blocks");
  return {run.num_blocks, run.rows_per_block};
}

} // namespace

autoencoder_learner::autoencoder_learner(const model_options& options,
                                         std::uint32_t num_items,
                                         const learner_options& run)
  : options_{options}, shape_{options, num_items}, run_{checked_shape(options, run)},
    pool_{run.threads}, clock_{{"inputs", "encoder", "code_draws", "decoder",
                                "likelihood", "decoder_gradient", "encoder_gradient"}},
    rows_(run_.total_rows()), inputs_{pool_, run_, num_items,
                                      shape_.layers().front().outputs},
    likelihoods_(run_.total_rows()), divergences_(run_.total_rows()) {
  const auto rows = run_.total_rows();
  for (const auto& layer : shape_.layers()) {
    const auto is_first = &layer == &shape_.layers().front();
    const auto is_last = &layer == &shape_.layers().back();
    if (!is_first)
      products_.push_back(
        make_block_products(pool_, run_, layer.inputs, layer.outputs,
                            is_last ? run.precision : models::precision::fp32));
    outputs_.emplace_back(rows * kernels::padded(layer.outputs));
    gradients_.emplace_back(is_last ? 0 : rows * kernels::padded(layer.outputs));
  }
  if (shape_.is_variational())
    for (auto* part : {&codes_, &noise_, &deviations_, &code_gradients_})
      *part = core::aligned_buffer<float>{rows * kernels::padded(shape_.latent())};
}

void autoencoder_learner::check(const training_step& step,
                                core::span<const training_block> blocks,
                                core::span<const float> parameters,
                                core::span<block_loss> losses) const {
  core::expects(step.batch_users > 0, "a batch has users");
  core::expects(blocks.size() == run_.blocks && losses.size() == run_.blocks,
                "a run has the blocks that its learner was made for");
  core::expects(parameters.size() == layout().size(), "parameters fill the arena");
  for (const auto& block : blocks)
    core::expects(block.users.size() == run_.rows && block.rows.num_rows() == run_.rows
                    && block.rows.num_items == shape_.num_items(),
                  "a block has the shape that its learner was made for");
}

void autoencoder_learner::accumulate(const training_step& step,
                                     core::span<const training_block> blocks,
                                     core::span<const float> parameters,
                                     core::gradient& out,
                                     core::span<block_loss> losses) {
  check(step, blocks, parameters, losses);
  clock_.start();
  take_rows(blocks);
  const work now{step, parameters, out};
  drop_inputs(now);
  clock_.finish(inputs);
  encode(now);
  clock_.finish(encoder);
  if (shape_.is_variational())
    draw_codes(now);
  clock_.finish(code_draws);
  decode(now);
  clock_.finish(decoder);
  compare_with_rows(now);
  clock_.finish(likelihood);
  differentiate_decoder(now);
  clock_.finish(decoder_gradient);
  if (shape_.is_variational())
    differentiate_codes(now);
  differentiate_encoder(now);
  clock_.finish(encoder_gradient);
  write_losses(losses);
}

void autoencoder_learner::take_rows(core::span<const training_block> blocks) {
  auto next = rows_.begin();
  for (const auto& block : blocks)
    for (std::size_t row = 0; row < run_.rows; ++row, ++next) {
      next->user = block.users[row];
      next->items = next->user == core::no_user ? core::span<const core::item_id>{}
                                                : block.rows.row(row);
    }
}

void autoencoder_learner::write_losses(core::span<block_loss> losses) const {
  for (std::size_t block = 0; block < run_.blocks; ++block) {
    losses[block] = {};
    for (auto row = block * run_.rows; row < (block + 1) * run_.rows; ++row) {
      losses[block].negative_log_likelihood += likelihoods_[row];
      if (shape_.is_variational())
        losses[block].divergence += divergences_[row];
    }
  }
}

float autoencoder_learner::divergence_weight(std::uint64_t step) const {
  if (options_.kl_anneal_steps == 0)
    return static_cast<float>(options_.kl_cap);
  return static_cast<float>(
    std::min(options_.kl_cap, static_cast<double>(step)
                                / static_cast<double>(options_.kl_anneal_steps)));
}

void check_precision(precision wanted) {
  if (wanted == precision::bf16 && !kernels::has_bf16_products())
    throw core::error::request("this processor multiplies no bf16 (AVX512_BF16)",
                               "training.precision",
                               "choose fp32, or math.isa: auto where it is pinned");
}

std::unique_ptr<learner> make_learner(const model_options& options,
                                      std::uint32_t num_items,
                                      const learner_options& run) {
  if (!has_learner(options))
    throw core::error::request("the kind \"" + options.kind + "\" has no learner",
                               "model", "choose mult_vae or mult_dae");
  return std::make_unique<autoencoder_learner>(options, num_items, run);
}

} // namespace souk::models
