#include "core/gradient.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::core {

gradient::gradient(const parameter_layout& layout)
  : layout_{&layout}, tensors_(layout.tensors().size()) {
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const auto& spec = layout[i];
    // Reserved memory costs nothing before it is written.
    tensors_[i].values.reserve(spec.size());
    if (spec.sparse_rows)
      tensors_[i].rows.reserve(spec.shape.at(0));
    else
      tensors_[i].values.resize(spec.size());
  }
}

span<float> gradient::dense(std::size_t number) {
  expects(!(*layout_)[number].sparse_rows, "only a dense tensor is there in full");
  return tensors_[number].values;
}

span<const float> gradient::dense(std::size_t number) const {
  expects(!(*layout_)[number].sparse_rows, "only a dense tensor is there in full");
  return tensors_[number].values;
}

span<float> gradient::touch(std::size_t number, span<const std::uint32_t> rows) {
  const auto& spec = (*layout_)[number];
  expects(spec.sparse_rows, "only a sparse tensor's rows are touched");
  auto& tensor = tensors_[number];
  const auto size = rows.size() * spec.row_size();
  // Never shrinks: growing writes zeros.
  if (tensor.values.size() < size)
    tensor.values.resize(size);
  tensor.rows.assign(rows.begin(), rows.end());
  return {tensor.values.data(), size};
}

span<const float> gradient::touched_values(std::size_t number) const {
  const auto& tensor = tensors_[number];
  return {tensor.values.data(), tensor.rows.size() * (*layout_)[number].row_size()};
}

gradient_slice gradient::slice(const arena_range& range) const {
  gradient_slice slice;
  const auto append = [&](std::uint64_t first, std::uint64_t size,
                          const float* values) {
    const auto begin = std::max(first, range.begin);
    const auto end = std::min(first + size, range.end);
    if (begin >= end)
      return;
    values += begin - first;
    if (!slice.empty() && slice.back().offset + slice.back().length == begin
        && slice.back().values + slice.back().length == values)
      slice.back().length += end - begin;
    else
      slice.push_back({begin, end - begin, values});
  };
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const auto& spec = (*layout_)[i];
    const auto& tensor = tensors_[i];
    const auto width = spec.row_size();
    if (!spec.sparse_rows)
      append(spec.offset, spec.size(), tensor.values.data());
    else
      for (std::size_t place = 0; place < tensor.rows.size(); ++place)
        append(spec.offset + tensor.rows[place] * width, width,
               tensor.values.data() + place * width);
  }
  return slice;
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
