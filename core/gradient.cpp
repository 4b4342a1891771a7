#include "core/gradient.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <iterator>

namespace souk::core {

gradient::gradient(const parameter_layout& layout)
  : layout_{&layout}, values_(layout.size()), touched_(layout.tensors().size()) {
  // nop
}

span<float> gradient::tensor(std::size_t number) {
  return view(span<float>{values_}, (*layout_)[number]);
}

span<const float> gradient::tensor(std::size_t number) const {
  return view(span<const float>{values_}, (*layout_)[number]);
}

void gradient::touch(std::size_t number, span<const std::uint32_t> rows) {
  expects((*layout_)[number].sparse_rows, "only a sparse tensor's rows are touched");
  auto& touched = touched_[number];
  std::vector<std::uint32_t> merged;
  merged.reserve(touched.size() + rows.size());
  std::set_union(touched.begin(), touched.end(), rows.begin(), rows.end(),
                 std::back_inserter(merged));
  touched = std::move(merged);
}

void gradient::clear() {
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const auto values = tensor(i);
    if (!(*layout_)[i].sparse_rows) {
      std::fill(values.begin(), values.end(), 0.0F);
      continue;
    }
    const auto width = (*layout_)[i].row_size();
    for (const auto row : touched_[i])
      std::fill_n(values.data() + row * width, width, 0.0F);
    touched_[i].clear();
  }
}

void gradient::add(const gradient& other) {
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const auto mine = tensor(i);
    const auto theirs = other.tensor(i);
    if (!(*layout_)[i].sparse_rows) {
      for (std::size_t j = 0; j < mine.size(); ++j)
        mine[j] += theirs[j];
      continue;
    }
    const auto width = (*layout_)[i].row_size();
    for (const auto row : other.touched_[i])
      for (auto j = row * width; j < (row + 1) * width; ++j)
        mine[j] += theirs[j];
    touch(i, other.touched_[i]);
  }
}

gradient_slice gradient::slice(const arena_range& range) const {
  gradient_slice slice;
  const auto append = [&](std::uint64_t begin, std::uint64_t end) {
    begin = std::max(begin, range.begin);
    end = std::min(end, range.end);
    if (begin >= end)
      return;
    if (!slice.empty() && slice.back().offset + slice.back().length == begin)
      slice.back().length += end - begin;
    else
      slice.push_back({begin, end - begin, values_.data() + begin});
  };
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const auto& spec = (*layout_)[i];
    if (!spec.sparse_rows)
      append(spec.offset, spec.offset + spec.size());
    else
      for (const auto row : touched_[i])
        append(spec.offset + row * spec.row_size(),
               spec.offset + (row + 1) * spec.row_size());
  }
  return slice;
}

tree_reduction::tree_reduction(arena_range range) : range_{range} {
  // nop
}

void tree_reduction::sum(const std::vector<gradient_slice>& partials,
                         const std::vector<std::size_t>& blocks,
                         span<float> out) {
  expects(out.size() == range_.size(), "a tree sums into the whole of its range");
  std::size_t total = 0;
  for (const auto count : blocks)
    total += count;
  std::size_t consumed = 0;
  sum_subtree(partials, blocks, total, 0, out, consumed);
  expects(consumed == partials.size(), "partial sums tile the tree");
  // Which zeros are negative depends on who added what; adding +0 makes them all alike.
  for (auto& value : out)
    value += 0.0F;
}

void tree_reduction::sum_subtree(const std::vector<gradient_slice>& partials,
                                 const std::vector<std::size_t>& blocks,
                                 std::size_t num_blocks,
                                 std::size_t depth,
                                 span<float> out,
                                 std::size_t& consumed) {
  expects(consumed < blocks.size() && blocks[consumed] <= num_blocks,
          "partial sums are whole subtrees");
  if (blocks[consumed] == num_blocks) {
    std::fill(out.begin(), out.end(), 0.0F);
    for (const auto& run : partials[consumed])
      std::copy_n(run.values, run.length, out.data() + (run.offset - range_.begin));
    ++consumed;
    return;
  }
  if (scratch_.size() <= depth)
    scratch_.resize(depth + 1);
  sum_subtree(partials, blocks, num_blocks / 2, depth + 1, out, consumed);
  if (consumed < blocks.size() && blocks[consumed] == num_blocks / 2) {
    for (const auto& run : partials[consumed++])
      for (std::uint64_t j = 0; j < run.length; ++j)
        out[run.offset - range_.begin + j] += run.values[j];
    return;
  }
  scratch_[depth].resize(range_.size());
  sum_subtree(partials, blocks, num_blocks / 2, depth + 1, scratch_[depth], consumed);
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] += scratch_[depth][j];
}

double tree_sum(span<const double> blocks) {
  expects(!blocks.empty(), "a tree has at least one block");
  if (blocks.size() == 1)
    return blocks[0];
  const auto half = blocks.size() / 2;
  return tree_sum(blocks.subspan(0, half))
         + tree_sum(blocks.subspan(half, blocks.size() - half));
}

std::vector<std::size_t> runs_of_blocks(std::size_t blocks, std::size_t trainers) {
  expects(trainers > 0 && trainers <= blocks, "a trainer has at least one block");
  expects((blocks & (blocks - 1)) == 0, "blocks are a power of two");
  if (trainers == 1)
    return {blocks};
  auto left = runs_of_blocks(blocks / 2, (trainers + 1) / 2);
  const auto right = runs_of_blocks(blocks / 2, trainers / 2);
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

} // namespace souk::core
