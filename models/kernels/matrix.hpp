#pragma once

#include <cstddef>

namespace souk::models::kernels {

/// Views a row-major matrix; `stride` is the distance between rows, in floats.
template <class T>
struct basic_matrix {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;

  basic_matrix() = default;

  basic_matrix(T* values, std::size_t num_rows, std::size_t num_columns)
    : basic_matrix{values, num_rows, num_columns, num_columns} {
    // nop
  }

  basic_matrix(T* values,
               std::size_t num_rows,
               std::size_t num_columns,
               std::size_t row_stride)
    : data{values}, rows{num_rows}, columns{num_columns}, stride{row_stride} {
    // nop
  }

  T* row(std::size_t index) const {
    return data + index * stride;
  }

  /// Views columns [begin, end) of all rows.
  basic_matrix column_range(std::size_t begin, std::size_t end) const {
    return {data + begin, rows, end - begin, stride};
  }

  /// Views rows [begin, end).
  basic_matrix row_range(std::size_t begin, std::size_t end) const {
    return {row(begin), end - begin, columns, stride};
  }
};

using matrix = basic_matrix<float>;

/// A matrix that is only read; any matrix can be viewed as one.
struct const_matrix : basic_matrix<const float> {
  using basic_matrix::basic_matrix;

  const_matrix(const basic_matrix& other) : basic_matrix{other} {
    // nop
  }

  const_matrix(const matrix& other)
    : basic_matrix{other.data, other.rows, other.columns, other.stride} {
    // nop
  }
};

} // namespace souk::models::kernels
