#pragma once

#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

/// Dense products by oneDNN: those of gradients and of EASE. Logits and scores are
/// chains of our own (`chained_product`).
///
/// Outputs are cut into tiles whose width depends on the output's shape alone, and each
/// tile is one serial product: the bits depend on the shapes and on the instruction
/// set, never on threads.
namespace souk::models::kernels {

/// c = a b: [rows, inner] x [inner, columns], the longer side of c cut into tiles.
void product(worker_pool& pool, const_matrix a, const_matrix b, matrix c);

/// The widest tile that products cut their outputs into.
constexpr std::size_t product_tile_max = 1024;

/// Cuts one side of an output as all products do: into tiles of at most `widest`, even
/// in number and alike in width, so that no thread waits for the last one.
tiling product_tiles(std::size_t size, std::size_t widest = product_tile_max);

/// Which operand a product reads transposed: c = a b, c = a^T b or c = a b^T.
enum class product_form { plain, left_transposed, right_transposed };

/// What a product does with its output: writes it, adds to it, subtracts from it.
enum class product_mode { write, add, subtract };

/// A product in one piece, serially. oneDNN takes memory for its packed operands and
/// gives it back, at each call.
void serial_product(product_form form,
                    const_matrix a,
                    const_matrix b,
                    matrix c,
                    product_mode mode = product_mode::write);

/// Serial products of operands in float, with the face of `bf16_multiplier`.
class float_multiplier {
public:
  using element = float;
  using operand = const_matrix;

  explicit float_multiplier(std::size_t) {
    // nop
  }

  /// Does nothing: these need no code of their own.
  void compile(product_form,
               const_matrix,
               const_matrix,
               matrix,
               product_mode = product_mode::write) {
    // nop
  }

  void multiply(product_form form,
                const_matrix a,
                const_matrix b,
                matrix c,
                product_mode mode = product_mode::write,
                std::size_t = 0) {
    serial_product(form, a, b, c, mode);
  }
};

} // namespace souk::models::kernels
