#include "models/item_owner.hpp"

#include "core/error.hpp"
#include "models/adam_receiver.hpp"
#include "models/adam_step.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/range_tree.hpp"

#include <algorithm>

namespace souk::models {

namespace {

// A thread applies Adam to so many elements of the first layer at a stretch.
constexpr std::size_t elements_per_job = std::size_t{1} << 17U;

// Zeros that stand for the gradient of what a step does not touch.
constexpr std::size_t zeros_at_a_time = 2048;
alignas(64) constexpr float zeros[zeros_at_a_time]{};

core::parameter_layout layout_of_rows(std::size_t rows, std::size_t width) {
  core::parameter_layout layout;
  layout.add("rows", {rows, width}, /*sparse_rows=*/true);
  return layout;
}

void apply_zeros(const kernels::adam_coefficients& with,
                 std::uint64_t begin,
                 std::uint64_t end,
                 const optimiser_state& arena) {
  for (; begin < end; begin += zeros_at_a_time)
    apply_adam(with, {zeros, std::min<std::size_t>(zeros_at_a_time, end - begin)},
               begin, arena);
}

} // namespace

item_owner::item_owner(const model_options& options,
                       std::uint32_t num_items,
                       const item_owner_options& run)
  : shape_{options, num_items}, run_{run}, shape_of_run_{run.num_blocks,
                                                         run.rows_per_block},
    partition_{shape_, run.num_ranges}, pool_{run.threads},
    inputs_{pool_, shape_of_run_, items().size(), shape_.layers().front().outputs},
    first_layer_(first_layer_size()), hidden_gradients_(hidden_size()),
    softmaxes_(num_rows()), encoder_layout_{layout_of_rows(
                              items().size(), shape_.layers().front().outputs)},
    encoder_gradient_{encoder_layout_} {
  core::expects(run.owned > 0 && (run.owned & (run.owned - 1)) == 0
                  && run.first_range % run.owned == 0
                  && run.first_range + run.owned <= run.num_ranges,
                "owned ranges are a subtree");
  check_precision(run.precision);
  const auto width = shape_.layers().back().inputs;
  std::size_t received = 0;
  for (std::uint32_t i = 0; i < run.owned; ++i) {
    auto& range = ranges_.emplace_back();
    range.items = partition_.items_of(run.first_range + i, 1);
    const auto size = range.items.size();
    range.logits = core::aligned_buffer<float>{num_rows() * kernels::padded(size)};
    range.softmaxes.resize(num_rows());
    auto& products = products_[size];
    if (!products)
      products = make_block_products(pool_, shape_of_run_, width, size, run.precision,
                                     rounding::each_time);
    range.products = products.get();
    received = std::max(received, products->outputs_received());
    range_ends_.push_back(range.items.end - items().begin);
  }
  item_gradients_ = core::aligned_buffer<float>{
    pool_.threads() * adam_receiver::room_of_worker(received, width)};
  for (auto count = run.owned; count > 1; count /= 2)
    right_sums_.emplace_back(hidden_size());
}

std::size_t item_owner::first_layer_size() const {
  return num_rows() * kernels::padded(shape_.layers().front().outputs);
}

std::size_t item_owner::hidden_size() const {
  return num_rows() * kernels::padded(shape_.layers().back().inputs);
}

kernels::const_matrix item_owner::weight_of(const owned_range& range,
                                            const optimiser_state& arena) const {
  const auto& spec = shape_.layout()[shape_.layers().back().weight];
  const auto width = spec.row_size();
  return {arena.parameters.data() + spec.offset + range.items.begin * width,
          range.items.size(), width};
}

kernels::matrix item_owner::logits_of(const owned_range& range) const {
  const auto size = range.items.size();
  return {range.logits.data(), num_rows(), size, kernels::padded(size)};
}

core::span<const core::item_id> item_owner::items_in(std::size_t row,
                                                     const item_range& items) const {
  const auto* all = rows_.items.data();
  const auto* end = all + rows_.offsets[row + 1];
  const auto* first = std::lower_bound(all + rows_.offsets[row], end, items.begin);
  return {first,
          static_cast<std::size_t>(std::lower_bound(first, end, items.end) - first)};
}

core::span<const float> item_owner::encode(item_rows rows,
                                           const optimiser_state& arena) {
  core::expects(rows.values.size() == num_rows(), "a batch has all its rows");
  rows_ = std::move(rows);
  const auto first_item = items().begin;
  inputs_.make_room(
    [&](std::size_t row) { return rows_.offsets[row + 1] - rows_.offsets[row]; });
  for_rows(pool_, num_rows(), [&](std::size_t row) {
    const auto room = inputs_.room(row);
    std::size_t kept = 0;
    for (auto i = rows_.offsets[row]; i < rows_.offsets[row + 1]; ++i)
      if (rows_.kept[i] != 0) {
        room.items[kept] = rows_.items[i] - first_item;
        room.values[kept++] = rows_.values[row];
      }
    inputs_.set_length(row, kept);
  });
  const auto& spec = shape_.layout()[shape_.layers().front().weight];
  const auto width = spec.row_size();
  inputs_.forward(
    {arena.parameters.data() + spec.offset + first_item * width, items().size(), width},
    range_ends_, {first_layer_.data(), num_rows(), width, kernels::padded(width)});
  return {first_layer_.data(), first_layer_.size()};
}

const std::vector<row_softmax>& item_owner::compare(core::span<const float> hidden,
                                                    const optimiser_state& arena) {
  core::expects(hidden.size() == hidden_size(), "a batch has all its rows");
  const auto width = shape_.layers().back().inputs;
  // Products only read their operands.
  hidden_ = {const_cast<float*>(hidden.data()), num_rows(), width,
             kernels::padded(width)};
  for (auto& range : ranges_) {
    range.products->forward(hidden_, weight_of(range, arena), logits_of(range));
    exponentiate(range, arena);
  }
  const std::vector<std::size_t> singly(ranges_.size(), 1);
  for (std::size_t row = 0; row < num_rows(); ++row) {
    std::size_t next = 0;
    softmaxes_[row] = finish_tree(
      singly, ranges_.size(), next,
      [&](std::size_t range) { return ranges_[range].softmaxes[row]; }, merged);
  }
  return softmaxes_;
}

void item_owner::exponentiate(owned_range& range, const optimiser_state& arena) {
  const auto& spec = shape_.layout()[shape_.layers().back().bias];
  const core::span<const float> bias{
    arena.parameters.data() + spec.offset + range.items.begin, range.items.size()};
  for_rows(pool_, num_rows(), [&](std::size_t row) {
    const auto items = items_in(row, range.items);
    const auto part = kernels::exponentiate_part(logits_of(range).row(row), bias, items,
                                                 range.items.begin);
    const auto maximum = static_cast<double>(part.maximum);
    range.softmaxes[row] = {maximum, static_cast<double>(part.sum),
                            part.observed
                              + static_cast<double>(items.size()) * maximum};
  });
}

core::span<const float> item_owner::differentiate(const std::vector<row_scale>& scales,
                                                  const optimiser_state& arena) {
  core::expects(scales.size() == num_rows(), "a batch has all its rows");
  const auto width = hidden_.columns;
  sum_backward(0, ranges_.size(), scales, arena,
               {hidden_gradients_.data(), num_rows(), width, hidden_.stride});
  return {hidden_gradients_.data(), hidden_gradients_.size()};
}

void item_owner::scale(owned_range& range, const std::vector<row_scale>& scales) {
  const auto weight = static_cast<float>(1.0 / static_cast<double>(rows_.batch_users));
  const auto logits = logits_of(range);
  for_rows(pool_, num_rows(), [&](std::size_t row) {
    const auto& whole = scales[row];
    if (whole.factor == 0) { // also where the logits are no numbers any more
      std::fill_n(logits.row(row), logits.stride, 0.0F);
      return;
    }
    const auto share = share_of(range.softmaxes[row].maximum, whole.maximum);
    kernels::differentiate_part(logits.row(row), logits.columns,
                                items_in(row, range.items), range.items.begin,
                                static_cast<float>(whole.factor * share), weight);
  });
}

void item_owner::sum_backward(std::size_t first,
                              std::size_t count,
                              const std::vector<row_scale>& scales,
                              const optimiser_state& arena,
                              kernels::matrix out) {
  if (count == 1) {
    auto& range = ranges_[first];
    scale(range, scales);
    return range.products->backward(logits_of(range), weight_of(range, arena), out);
  }
  sum_backward(first, count / 2, scales, arena, out);
  std::size_t depth = 0;
  for (auto above = ranges_.size(); above > count; above /= 2)
    ++depth;
  const kernels::matrix right{right_sums_[depth].data(), out.rows, out.columns,
                              out.stride};
  sum_backward(first + count / 2, count / 2, scales, arena, right);
  for_rows(pool_, out.rows, [&](std::size_t row) {
    kernels::add({right.row(row), right.columns}, out.row(row));
  });
}

void item_owner::update_decoder(std::uint64_t step, const optimiser_state& arena) {
  const auto with = adam_step(run_.optimiser, step);
  const auto& weight = shape_.layout()[shape_.layers().back().weight];
  const auto& bias = shape_.layout()[shape_.layers().back().bias];
  for (auto& range : ranges_) {
    const auto first = range.items.begin;
    const layer_place place{weight.offset + first * weight.row_size(),
                            bias.offset + first, weight.row_size()};
    adam_receiver receiver{with,
                           arena,
                           place,
                           {item_gradients_.data(), item_gradients_.size()},
                           pool_.threads()};
    range.products->weight_gradient(logits_of(range), hidden_, receiver);
  }
}

void item_owner::update_encoder(std::uint64_t step,
                                core::span<const float> gradients,
                                const optimiser_state& arena) {
  core::expects(gradients.size() == first_layer_size(), "a batch has all its rows");
  const auto with = adam_step(run_.optimiser, step);
  const auto& spec = shape_.layout()[shape_.layers().front().weight];
  const auto width = spec.row_size();
  inputs_.weight_gradient({gradients.data(), num_rows(), width, kernels::padded(width)},
                          0, encoder_gradient_);
  const auto touched = encoder_gradient_.touched(0);
  const auto values = encoder_gradient_.touched_values(0);
  const auto begin = spec.offset + items().begin * width;
  const kernels::tiling jobs{items().size(),
                             std::max<std::size_t>(1, elements_per_job / width)};
  pool_.parallel_for(jobs.count(), [&](std::size_t job) {
    auto row = jobs.begin(job);
    const auto* next = std::lower_bound(touched.begin(), touched.end(), row);
    for (; next != touched.end() && *next < jobs.end(job); ++next) {
      apply_zeros(with, begin + row * width, begin + *next * width, arena);
      const auto place = static_cast<std::size_t>(next - touched.begin());
      apply_adam(with, values.subspan(place * width, width), begin + *next * width,
                 arena);
      row = *next + 1;
    }
    apply_zeros(with, begin + row * width, begin + jobs.end(job) * width, arena);
  });
}

} // namespace souk::models
