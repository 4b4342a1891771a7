#include "core/parameter_layout.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace souk::core {

namespace {

constexpr std::uint64_t floats_per_cache_line = 16;

std::uint64_t rounded_up(std::uint64_t size) {
  return (size + floats_per_cache_line - 1) / floats_per_cache_line
         * floats_per_cache_line;
}

} // namespace

std::uint64_t tensor_spec::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1},
                         std::multiplies<>{});
}

std::uint64_t tensor_spec::row_size() const {
  return std::accumulate(shape.begin() + 1, shape.end(), std::uint64_t{1},
                         std::multiplies<>{});
}

std::size_t parameter_layout::add(std::string name,
                                  std::vector<std::uint64_t> shape,
                                  bool sparse_rows) {
  expects(!shape.empty(), "a tensor has at least one extent");
  tensors_.push_back({std::move(name), std::move(shape), size_, sparse_rows});
  size_ += rounded_up(tensors_.back().size());
  return tensors_.size() - 1;
}

std::vector<arena_range> parameter_layout::ranges(std::size_t count) const {
  expects(count > 0, "an arena has at least one range");
  const auto lines = size_ / floats_per_cache_line;
  std::vector<arena_range> ranges;
  for (std::size_t i = 0; i < count; ++i)
    ranges.push_back({lines * i / count * floats_per_cache_line,
                      lines * (i + 1) / count * floats_per_cache_line});
  return ranges;
}

std::vector<arena_part> single_parts(const std::vector<arena_range>& ranges) {
  std::vector<arena_part> parts;
  for (const auto& range : ranges)
    parts.push_back({range});
  return parts;
}

std::uint64_t end_of(const std::vector<arena_part>& parts) {
  std::uint64_t end = 0;
  for (const auto& part : parts)
    for (const auto& range : part)
      end = std::max(end, range.end);
  return end;
}

span<float> view(span<float> arena, const tensor_spec& spec) {
  return arena.subspan(spec.offset, spec.size());
}

span<const float> view(span<const float> arena, const tensor_spec& spec) {
  return arena.subspan(spec.offset, spec.size());
}

} // namespace souk::core
