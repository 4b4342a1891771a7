#include "models/sparse_inputs.hpp"

#include "models/kernels/elementwise.hpp"
#include "models/kernels/sum_of_rows.hpp"

#include <algorithm>

namespace souk::models {

namespace {

constexpr std::size_t rows_per_job = 4;
constexpr std::size_t items_per_job = 32;

} // namespace

sparse_inputs::sparse_inputs(kernels::worker_pool& pool,
                             run_shape run,
                             std::size_t num_items,
                             std::size_t width)
  : pool_{pool}, run_{run}, width_{width}, begins_(run.total_rows()),
    lengths_(run.total_rows()), next_(num_items) {
  const auto entries = run.total_rows() * std::min(num_items, items_per_row_expected);
  items_.reserve(entries);
  values_.reserve(entries);
  entry_rows_.reserve(entries);
  entry_values_.reserve(entries);
  touched_.reserve(num_items);
  offsets_.reserve(num_items + 1);
  std::size_t depth = 0;
  for (auto count = run.blocks; count > 1; count /= 2)
    ++depth;
  scratch_.resize(pool.threads() * depth * width);
}

kernels::input_row sparse_inputs::room(std::size_t row) {
  return {items_.data() + begins_[row], values_.data() + begins_[row]};
}

void sparse_inputs::forward(kernels::const_matrix weight, kernels::matrix outputs) {
  const kernels::tiling jobs{run_.total_rows(), rows_per_job};
  pool_.parallel_for(jobs.count(), [&](std::size_t job) {
    for (auto row = jobs.begin(job); row < jobs.end(job); ++row)
      kernels::sum_of_rows(weight, {items_.data() + begins_[row], lengths_[row]},
                           {values_.data() + begins_[row], lengths_[row]},
                           outputs.row(row));
  });
}

void sparse_inputs::forward(kernels::const_matrix weight,
                            core::span<const core::item_id> range_ends,
                            kernels::matrix outputs) {
  std::size_t depth = 0;
  for (auto count = range_ends.size(); count > 1; count /= 2)
    ++depth;
  range_scratch_.resize(pool_.threads() * depth * width_);
  const kernels::tiling jobs{run_.total_rows(), rows_per_job};
  pool_.parallel_for(jobs.count(), [&](std::size_t job, std::size_t worker) {
    for (auto row = jobs.begin(job); row < jobs.end(job); ++row) {
      auto next = begins_[row];
      sum_ranges(weight, range_ends, begins_[row] + lengths_[row], next,
                 range_scratch_.data() + worker * depth * width_, outputs.row(row));
    }
  });
}

void sparse_inputs::sum_ranges(kernels::const_matrix weight,
                               core::span<const core::item_id> range_ends,
                               std::uint64_t end,
                               std::uint64_t& next,
                               float* scratch,
                               float* out) const {
  if (range_ends.size() == 1) {
    const auto* first = items_.data() + next;
    const auto length = static_cast<std::size_t>(
      std::lower_bound(first, items_.data() + end, range_ends[0]) - first);
    kernels::sum_of_rows(weight, {first, length}, {values_.data() + next, length}, out);
    next += length;
    return;
  }
  const auto half = range_ends.size() / 2;
  sum_ranges(weight, range_ends.subspan(0, half), end, next, scratch + width_, out);
  sum_ranges(weight, range_ends.subspan(half, half), end, next, scratch + width_,
             scratch);
  kernels::add({scratch, width_}, out);
}

void sparse_inputs::weight_gradient(kernels::const_matrix gradients,
                                    std::size_t number,
                                    core::gradient& out) {
  transpose();
  const auto sums = out.touch(number, touched_);
  const auto scratch_size = scratch_.size() / pool_.threads();
  const kernels::tiling jobs{touched_.size(), items_per_job};
  pool_.parallel_for(jobs.count(), [&](std::size_t job, std::size_t worker) {
    for (auto item = jobs.begin(job); item < jobs.end(job); ++item)
      sum_blocks(item, 0, run_.blocks, gradients,
                 scratch_.data() + worker * scratch_size, sums.data() + item * width_);
  });
}

void sparse_inputs::sum_blocks(std::size_t item,
                               std::size_t first,
                               std::size_t count,
                               kernels::const_matrix gradients,
                               float* scratch,
                               float* out) const {
  const auto* rows = entry_rows_.data();
  const auto place_of = [&](std::size_t block) {
    return std::lower_bound(rows + offsets_[item], rows + offsets_[item + 1],
                            block * run_.rows)
           - rows;
  };
  const auto begin = static_cast<std::size_t>(place_of(first));
  const auto middle = static_cast<std::size_t>(place_of(first + count / 2));
  const auto end = static_cast<std::size_t>(place_of(first + count));
  const auto sum_half = [&](std::size_t half, float* to) {
    sum_blocks(item, first + half * (count / 2), count / 2, gradients, scratch + width_,
               to);
  };
  // A half without the item counts as zeros.
  if (count == 1)
    kernels::sum_of_rows(gradients, {rows + begin, end - begin},
                         {entry_values_.data() + begin, end - begin}, out);
  else if (middle == end)
    sum_half(0, out);
  else if (middle == begin)
    sum_half(1, out);
  else {
    sum_half(0, out);
    sum_half(1, scratch);
    kernels::add({scratch, width_}, out);
  }
}

void sparse_inputs::transpose() {
  const auto over_entries = [&](const auto& body) {
    for (std::size_t row = 0; row < run_.total_rows(); ++row)
      for (auto i = begins_[row]; i < begins_[row] + lengths_[row]; ++i)
        body(static_cast<std::uint32_t>(row), items_[i], values_[i]);
  };
  std::fill(next_.begin(), next_.end(), 0);
  over_entries([&](std::uint32_t, core::item_id item, float) { ++next_[item]; });
  touched_.clear();
  offsets_.clear();
  std::uint64_t end = 0;
  for (std::size_t item = 0; item < next_.size(); ++item)
    if (next_[item] > 0) {
      touched_.push_back(static_cast<core::item_id>(item));
      offsets_.push_back(end);
      end += next_[item];
      next_[item] = offsets_.back();
    }
  offsets_.push_back(end);
  entry_rows_.resize(end);
  entry_values_.resize(end);
  over_entries([&](std::uint32_t row, core::item_id item, float value) {
    entry_rows_[next_[item]] = row;
    entry_values_[next_[item]++] = value;
  });
}

} // namespace souk::models
