#include "models/autoencoder_learner.hpp"

#include "core/error.hpp"
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
  : dropout_{options.dropout}, shape_{options, num_items},
    run_{checked_shape(options, run)}, pool_{run.threads}, middle_{options, shape_,
                                                                   run_, pool_},
    last_products_{make_block_products(
      pool_, run_, shape_.layers().back().inputs, num_items, run.precision)},
    clock_{{"inputs", "encoder", "code_draws", "decoder", "likelihood",
            "decoder_gradient", "encoder_gradient"}},
    rows_(run_.total_rows()), inputs_{pool_, run_, num_items,
                                      shape_.layers().front().outputs},
    logits_(run_.total_rows() * kernels::padded(num_items)),
    likelihoods_(run_.total_rows()) {
  // nop
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
  const auto range = autoencoder_middle::range_of(shape_);
  const autoencoder_middle::work between{step, rows_,
                                         parameters.subspan(range.begin, range.size())};
  const autoencoder_middle::destination to{out, 0};
  drop_inputs(now);
  clock_.finish(inputs);
  sum_inputs(now);
  middle_.encode(between);
  clock_.finish(encoder);
  middle_.draw_codes(between);
  clock_.finish(code_draws);
  middle_.decode(between);
  make_logits(now);
  clock_.finish(decoder);
  compare_with_rows(now);
  clock_.finish(likelihood);
  differentiate_logits(now);
  middle_.differentiate_decoder(between, to);
  clock_.finish(decoder_gradient);
  middle_.differentiate_encoder(between, to);
  differentiate_inputs(now);
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
      losses[block].divergence += middle_.divergences()[row];
    }
  }
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
