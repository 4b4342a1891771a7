#pragma once

#include "core/aligned_vector.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace souk::core {

/// A named tensor's place in the flat arena of all parameters.
struct tensor_spec {
  std::string name;
  std::vector<std::uint64_t> shape; ///< row-major
  std::uint64_t offset = 0;         ///< of the first element, in floats
  bool sparse_rows = false;         ///< a block's gradient touches few of its rows

  std::uint64_t size() const;
  /// Elements per row: the product of all but the first extent.
  std::uint64_t row_size() const;
};

/// A half-open range of the arena, in floats.
struct arena_range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const {
    return end - begin;
  }
};

/// What one server owns of an arena: ascending, disjoint ranges.
using arena_part = std::vector<arena_range>;

/// Parts of one range each.
std::vector<arena_part> single_parts(const std::vector<arena_range>& ranges);

/// Where parts that tile an arena end.
std::uint64_t end_of(const std::vector<arena_part>& parts);

/// All trainable tensors of a model, laid out one after another in one arena of floats.
/// Tensors start on cache lines; the padding between them stays zero.
class parameter_layout {
public:
  /// Appends a tensor and returns its number.
  std::size_t
  add(std::string name, std::vector<std::uint64_t> shape, bool sparse_rows = false);

  /// Floats in the arena, padding included.
  std::uint64_t size() const {
    return size_;
  }

  const std::vector<tensor_spec>& tensors() const {
    return tensors_;
  }

  const tensor_spec& operator[](std::size_t number) const {
    return tensors_[number];
  }

  /// Cuts the arena into `count` ranges of nearly equal size, on cache lines.
  std::vector<arena_range> ranges(std::size_t count) const;

private:
  std::vector<tensor_spec> tensors_;
  std::uint64_t size_ = 0;
};

/// The storage that a layout describes: parameters, a gradient, or a moment.
using parameter_arena = aligned_vector<float>;

/// Views tensor `spec` inside an arena.
span<float> view(span<float> arena, const tensor_spec& spec);
span<const float> view(span<const float> arena, const tensor_spec& spec);

} // namespace souk::core
