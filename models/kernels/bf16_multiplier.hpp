#pragma once

#include "models/kernels/bf16.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/matrix_product.hpp"

#include <cstddef>
#include <memory>

namespace souk::models::kernels {

/// Whether the processor, as far as it is used, multiplies bf16 (AVX512_BF16, AMX).
bool has_bf16_products();

/// Products of operands in bf16, summed in float (oneDNN's matmul), each in one piece,
/// serially. Only where `has_bf16_products`.
///
/// oneDNN makes code for every shape, which takes milliseconds and memory: all shapes
/// are compiled before they are multiplied. Multiplying allocates nothing of its own;
/// oneDNN makes itself a small table of each call's arguments.
class bf16_multiplier {
public:
  using element = bf16;
  using operand = bf16_matrix;

  /// Serves workers 0 to `workers` - 1, at the same time.
  explicit bf16_multiplier(std::size_t workers);
  ~bf16_multiplier();

  /// Makes the code for operands of these extents and strides; their elements are
  /// neither read nor written. `mode` is write or add.
  void compile(product_form form,
               bf16_matrix a,
               bf16_matrix b,
               matrix c,
               product_mode mode = product_mode::write);

  /// Multiplies for a worker what has been compiled.
  void multiply(product_form form,
                bf16_matrix a,
                bf16_matrix b,
                matrix c,
                product_mode mode = product_mode::write,
                std::size_t worker = 0);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace souk::models::kernels
