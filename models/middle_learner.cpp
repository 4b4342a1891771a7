#include "models/middle_learner.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "models/kernels/dropout.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/range_tree.hpp"

#include <algorithm>
#include <numeric>

namespace souk::models {

namespace {

std::uint32_t total(const std::vector<std::size_t>& counts) {
  return static_cast<std::uint32_t>(
    std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
}

core::span<const float> all_of(const kernels::matrix& values) {
  return {values.data, values.rows * values.stride};
}

} // namespace

middle_learner::middle_learner(const model_options& options,
                               std::uint32_t num_items,
                               const middle_options& run)
  : dropout_{options.dropout}, shape_{options, num_items},
    layout_{autoencoder_middle::layout_of(shape_)}, owned_ranges_{run.owned_ranges},
    partition_{shape_, total(run.owned_ranges)}, run_{run.num_blocks,
                                                      run.rows_per_block},
    pool_{run.threads}, middle_{options, shape_, run_, pool_}, rows_(run_.total_rows()),
    scales_(run_.total_rows()), likelihoods_(run_.total_rows()) {
  // nop
}

std::size_t middle_learner::first_layer_size() const {
  return num_rows() * kernels::padded(shape_.layers().front().outputs);
}

std::size_t middle_learner::hidden_size() const {
  return num_rows() * kernels::padded(shape_.layers().back().inputs);
}

void middle_learner::begin(const training_step& step,
                           const std::vector<batch_row>& rows) {
  core::expects(rows.size() == num_rows(), "a batch has all its rows");
  step_ = step;
  rows_ = rows;
  inputs_.batch_users = step.batch_users;
  inputs_.offsets.resize(1);
  inputs_.items.clear();
  for (const auto& row : rows_) {
    inputs_.items.insert(inputs_.items.end(), row.items.begin(), row.items.end());
    inputs_.offsets.push_back(inputs_.items.size());
  }
  inputs_.kept.assign(inputs_.items.size(), 0);
  inputs_.values.assign(rows_.size(), 0);
  for_rows(pool_, rows_.size(), [&](std::size_t row) {
    const auto& user = rows_[row];
    std::vector<core::item_id> items(user.items.size());
    std::vector<float> values(user.items.size());
    const core::draw_site site{step.seed, core::stream::dropout, user.user,
                               static_cast<std::uint32_t>(step.number)};
    const auto count =
      kernels::drop_items(site, dropout_, user.items, {items.data(), values.data()});
    const auto* all = inputs_.items.data();
    for (std::size_t i = 0; i < count; ++i)
      inputs_.kept[std::lower_bound(all + inputs_.offsets[row],
                                    all + inputs_.offsets[row + 1], items[i])
                   - all] = 1;
    if (count > 0) // one value for all of them
      inputs_.values[row] = values[0];
  });
}

packed_words middle_learner::rows_for(std::size_t owner) const {
  const auto first = std::accumulate(
    owned_ranges_.begin(), owned_ranges_.begin() + static_cast<std::ptrdiff_t>(owner),
    std::size_t{0});
  return pack(inputs_,
              partition_.items_of(static_cast<std::uint32_t>(first),
                                  static_cast<std::uint32_t>(owned_ranges_.at(owner))));
}

core::span<const float> middle_learner::encode(partials first_layer,
                                               core::span<const float> parameters) {
  sum_along_tree(pool_, owned_ranges_, first_layer, middle_.first_layer());
  const auto now = work_on(parameters);
  middle_.encode(now);
  middle_.draw_codes(now);
  middle_.decode(now);
  return all_of(middle_.hidden());
}

const std::vector<row_scale>&
middle_learner::compare(const std::vector<std::vector<row_softmax>>& softmaxes,
                        core::span<block_loss> losses) {
  core::expects(losses.size() == run_.blocks, "every block has a loss");
  const auto weight = static_cast<double>(
    static_cast<float>(1.0 / static_cast<double>(step_.batch_users)));
  for (std::size_t row = 0; row < num_rows(); ++row) {
    std::size_t next = 0;
    const auto whole = finish_tree(
      owned_ranges_, partition_.num_ranges(), next,
      [&](std::size_t owner) { return softmaxes.at(owner).at(row); }, merged);
    const auto count = static_cast<double>(rows_[row].items.size());
    likelihoods_[row] = 0;
    scales_[row] = {};
    if (count == 0)
      continue;
    scales_[row] = {whole.maximum, count * weight / whole.sum};
    likelihoods_[row] =
      count * (core::portable::log(whole.sum) + whole.maximum) - whole.observed;
  }
  for (std::size_t block = 0; block < run_.blocks; ++block) {
    losses[block] = {};
    for (auto row = block * run_.rows; row < (block + 1) * run_.rows; ++row) {
      losses[block].negative_log_likelihood += likelihoods_[row];
      losses[block].divergence += middle_.divergences()[row];
    }
  }
  return scales_;
}

core::span<const float> middle_learner::differentiate(
  partials hidden_gradients, core::span<const float> parameters, core::gradient& out) {
  sum_along_tree(pool_, owned_ranges_, hidden_gradients, middle_.hidden_gradients());
  const auto now = work_on(parameters);
  const autoencoder_middle::destination to{out,
                                           autoencoder_middle::first_tensor_of(shape_)};
  middle_.differentiate_decoder(now, to);
  middle_.differentiate_encoder(now, to);
  return all_of(middle_.first_layer_gradients());
}

} // namespace souk::models
