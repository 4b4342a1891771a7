#include "models/autoencoder_learner.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "models/kernels/multinomial_likelihood.hpp"

#include <algorithm>
#include <cmath>

namespace souk::models {

namespace {

/// Xavier's normal weights (Glorot & Bengio, AISTATS 2010), as the reference
/// implementation has them.
void initialise_weight(const core::draw_site& site,
                       const autoencoder_layer& layer,
                       core::span<float> weight) {
  const auto deviation = static_cast<float>(
    std::sqrt(2.0 / static_cast<double>(layer.inputs + layer.outputs)));
  core::fill_normals(site, weight);
  for (auto& value : weight)
    value *= deviation;
}

/// Small normal biases; what lies beyond two deviations is drawn again.
void initialise_bias(const core::draw_site& site, core::span<float> bias) {
  constexpr double deviation = 0.001;
  constexpr double furthest = 2;
  std::uint32_t index = 0;
  for (auto& value : bias) {
    auto draw = core::normal(site, index++);
    while (std::abs(draw) > furthest)
      draw = core::normal(site, index++);
    value = static_cast<float>(deviation * draw);
  }
}

bool is_power_of_two(std::size_t count) {
  return count > 0 && (count & (count - 1)) == 0;
}

std::size_t depth_of(std::size_t blocks) {
  std::size_t depth = 0;
  while (blocks > 2) {
    blocks /= 2;
    ++depth;
  }
  return depth;
}

} // namespace

autoencoder_learner::autoencoder_learner(const model_options& options,
                                         std::uint32_t num_items,
                                         std::uint32_t rows_per_block,
                                         std::size_t threads)
  : options_{options}, shape_{options, num_items}, rows_{rows_per_block},
    pool_{threads}, likelihoods_(rows_per_block), divergences_(rows_per_block) {
  if (rows_per_block == 0)
    throw core::error::request("a block has no users", "model " + options.kind,
                               "let batch_users be at least the number of blocks");
  inputs_.begins.resize(rows_);
  inputs_.counts.resize(rows_);
  transposed_.place_of_item.resize(num_items);
  for (const auto& layer : shape_.layers()) {
    outputs_.emplace_back(rows_ * kernels::padded(layer.outputs));
    gradients_.emplace_back(
      &layer == &shape_.layers().back() ? 0 : rows_ * kernels::padded(layer.outputs));
  }
  const auto code_size = shape_.is_variational() ? rows_ * shape_.latent() : 0;
  for (auto* part : {&codes_, &noise_, &deviations_, &code_gradients_})
    part->resize(code_size);
}

void autoencoder_learner::initialise(std::uint64_t seed,
                                     core::span<float> parameters) const {
  core::expects(parameters.size() == layout().size(), "parameters fill the arena");
  std::fill(parameters.begin(), parameters.end(), 0.0F);
  const auto site = [&](std::size_t tensor) {
    return core::draw_site{seed, core::stream::initialise, tensor, 0};
  };
  for (const auto& layer : shape_.layers()) {
    initialise_weight(site(layer.weight), layer,
                      view(parameters, layout()[layer.weight]));
    initialise_bias(site(layer.bias), view(parameters, layout()[layer.bias]));
  }
}

std::vector<block_loss>
autoencoder_learner::accumulate(const training_step& step,
                                const std::vector<training_block>& blocks,
                                core::span<const float> parameters,
                                core::gradient& out) {
  core::expects(is_power_of_two(blocks.size()), "a run has a power of two of blocks");
  core::expects(parameters.size() == layout().size(), "parameters fill the arena");
  core::expects(out.values().size() == layout().size(), "the gradient fills the arena");
  core::expects(step.batch_users > 0, "a batch has users");
  for (const auto& block : blocks)
    core::expects(block.users.size() == rows_ && block.rows.num_rows() == rows_
                    && block.rows.num_items == shape_.num_items(),
                  "a block has the shape that its learner was made for");
  if (blocks.size() > 1 && right_halves_.size() <= depth_of(blocks.size()))
    right_halves_.resize(depth_of(blocks.size()) + 1);
  out.clear();
  std::vector<block_loss> losses(blocks.size());
  std::vector<std::uint32_t> touched;
  const auto values = out.tensor(0);
  // The first tensor starts the arena, so its data is the arena's.
  sum_subtree({step, blocks, parameters, losses},
              {{values.data(), out.values().size()}, &touched});
  out.touch(shape_.layers().front().weight, touched);
  return losses;
}

core::snapshot
autoencoder_learner::to_snapshot(core::span<const float> parameters) const {
  return models::to_snapshot(options_, shape_, parameters);
}

void autoencoder_learner::sum_subtree(const work& run, partial_sum out) {
  const auto count = run.blocks.size();
  if (count == 1) {
    run.losses[0] = compute_block(run, out);
    return;
  }
  const auto half = [&](std::size_t first) {
    return work{run.step, run.blocks.subspan(first, count / 2), run.parameters,
                run.losses.subspan(first, count / 2)};
  };
  sum_subtree(half(0), out);
  auto& right = right_halves_[depth_of(count)];
  right.values.resize(layout().size());
  sum_subtree(half(count / 2), {right.values, &right.touched});
  add(right, out);
}

void autoencoder_learner::add(const scratch_sum& right, partial_sum left) {
  const auto& first = layout()[shape_.layers().front().weight];
  const auto width = first.row_size();
  const auto dense_begin = layout()[shape_.layers().front().bias].offset;
  const kernels::tiling tiles{layout().size() - dense_begin, 1U << 16U};
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    for (auto i = dense_begin + tiles.begin(tile); i < dense_begin + tiles.end(tile);
         ++i)
      left.values[i] += right.values[i];
  });
  const kernels::tiling rows{right.touched.size(), 64};
  pool_.parallel_for(rows.count(), [&](std::size_t tile) {
    for (auto i = rows.begin(tile); i < rows.end(tile); ++i) {
      const auto row = right.touched[i];
      const auto* from = right.values.data() + row * width;
      auto* to = left.values.data() + row * width;
      if (std::binary_search(left.touched->begin(), left.touched->end(), row))
        for (std::size_t j = 0; j < width; ++j)
          to[j] += from[j];
      else
        for (std::size_t j = 0; j < width; ++j)
          to[j] = 0.0F + from[j];
    }
  });
  std::vector<std::uint32_t> both;
  both.reserve(left.touched->size() + right.touched.size());
  std::set_union(left.touched->begin(), left.touched->end(), right.touched.begin(),
                 right.touched.end(), std::back_inserter(both));
  *left.touched = std::move(both);
}

block_loss autoencoder_learner::compute_block(const work& block, partial_sum out) {
  drop_inputs(block);
  encode(block.parameters);
  if (shape_.is_variational())
    draw_codes(block);
  decode(block.parameters);
  compare_with_rows(block);
  differentiate_decoder(block.parameters, out);
  if (shape_.is_variational())
    differentiate_codes(block);
  differentiate_encoder(block.parameters, out);
  block_loss loss;
  for (std::size_t row = 0; row < rows_; ++row) {
    loss.negative_log_likelihood += likelihoods_[row];
    if (shape_.is_variational())
      loss.divergence += divergences_[row];
  }
  return loss;
}

float autoencoder_learner::divergence_weight(std::uint64_t step) const {
  if (options_.kl_anneal_steps == 0)
    return static_cast<float>(options_.kl_cap);
  return static_cast<float>(
    std::min(options_.kl_cap, static_cast<double>(step)
                                / static_cast<double>(options_.kl_anneal_steps)));
}

} // namespace souk::models
