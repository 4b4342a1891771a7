#pragma once

#include "models/kernels/bf16.hpp"
#include "models/kernels/matrix.hpp"
#include "models/kernels/worker_pool.hpp"

/// All dense products of all models (oneDNN).
///
/// The longer side of an output is cut into tiles whose width depends on the output's
/// shape alone, and each tile is one serial product: the bits depend on the shapes and
/// on the instruction set, never on threads.
namespace souk::models::kernels {

/// c = a b: [rows, inner] x [inner, columns].
void product(worker_pool& pool, const_matrix a, const_matrix b, matrix c);

/// c = a b^T: [rows, inner] x [columns, inner].
void product_with_transposed(worker_pool& pool,
                             const_matrix a,
                             const_matrix b,
                             matrix c);

/// c = a^T b: [inner, rows] x [inner, columns].
void transposed_product(worker_pool& pool, const_matrix a, const_matrix b, matrix c);

/// The widest tile that products cut their outputs into.
constexpr std::size_t product_tile_max = 1024;

/// Cuts one side of an output as all products do: into tiles of at most `widest`, even
/// in number and alike in width, so that no thread waits for the last one.
tiling product_tiles(std::size_t size, std::size_t widest = product_tile_max);

/// What a product does with its output: writes it, adds to it, subtracts from it.
enum class product_mode { write, add, subtract };

/// The same products in one piece, serially.
void serial_product(const_matrix a, const_matrix b, matrix c);
void serial_product_with_transposed(const_matrix a,
                                    const_matrix b,
                                    matrix c,
                                    product_mode mode = product_mode::write);
void serial_transposed_product(const_matrix a,
                               const_matrix b,
                               matrix c,
                               product_mode mode = product_mode::write);

/// The same with operands in bf16, summed in float (oneDNN's matmul). Only where
/// `has_bf16_products`.
void serial_product(bf16_matrix a, bf16_matrix b, matrix c);
void serial_product_with_transposed(bf16_matrix a, bf16_matrix b, matrix c);
void serial_transposed_product(bf16_matrix a,
                               bf16_matrix b,
                               matrix c,
                               product_mode mode = product_mode::write);

/// Whether the processor, as far as it is used, multiplies bf16 (AVX512_BF16).
bool has_bf16_products();

} // namespace souk::models::kernels
