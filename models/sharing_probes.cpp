#include "models/sharing_probes.hpp"

#include "core/aligned_vector.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/multinomial_likelihood.hpp"
#include "models/run_of_blocks.hpp"

#include <cstdint>
#include <cstring>
#include <vector>

namespace souk::models {

using kernels::basic_matrix;
using kernels::bf16;
using kernels::const_matrix;
using kernels::matrix;
using kernels::product_form;
using kernels::product_mode;

namespace {

/// Numbers in [-1, 1) without any pattern: what a probe multiplies.
void fill_with_noise(core::span<float> values, std::uint32_t seed) {
  auto state = seed * 2654435769U + 1;
  for (auto& value : values) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F;
  }
}

bool same_bits(const_matrix a, const_matrix b) {
  for (std::size_t row = 0; row < a.rows; ++row)
    if (std::memcmp(a.row(row), b.row(row), a.columns * sizeof(float)) != 0)
      return false;
  return true;
}

void fill_with_noise(core::span<bf16> values, std::uint32_t seed) {
  core::aligned_buffer<float> floats{values.size()};
  fill_with_noise({floats.data(), floats.size()}, seed);
  kernels::round_to_bf16({floats.data(), floats.size()}, values.data());
}

/// Memory of a probe, freed with it.
template <class T>
class probe_memory {
public:
  basic_matrix<T> make(std::size_t rows, std::size_t columns, std::size_t stride) {
    return {buffers_.emplace_back(rows * stride).data(), rows, columns, stride};
  }

  basic_matrix<T>
  make_noise(std::size_t rows, std::size_t columns, std::size_t stride) {
    const auto made = make(rows, columns, stride);
    fill_with_noise(core::span<T>{made.data, rows * stride},
                    static_cast<std::uint32_t>(buffers_.size()));
    return made;
  }

private:
  std::vector<core::aligned_buffer<T>> buffers_;
};

/// Multiplies a shape that may be new.
template <class Multiplier>
void try_product(Multiplier& multiplier,
                 product_form form,
                 const typename Multiplier::operand& a,
                 const typename Multiplier::operand& b,
                 const matrix& c,
                 product_mode mode = product_mode::write) {
  multiplier.compile(form, a, b, c, mode);
  multiplier.multiply(form, a, b, c, mode);
}

/// Whether blocks have the same bits together and alone: `multiply` writes the columns
/// [begin, end) of an output for the rows of a left operand.
template <class T, class Multiply>
bool rows_may_be_shared(const run_shape& run,
                        const basic_matrix<T>& left,
                        const matrix& together,
                        const matrix& alone,
                        const kernels::tiling& tiles,
                        const Multiply& multiply) {
  auto are_equal = true;
  for_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
    multiply(left, begin, end, together.column_range(begin, end));
    for (std::size_t block = 0; block < run.blocks && are_equal; ++block) {
      const auto part = alone.column_range(begin, end);
      multiply(block_of(left, run, block), begin, end, part);
      are_equal =
        same_bits(block_of(together, run, block).column_range(begin, end), part);
    }
  });
  return are_equal;
}

} // namespace

template <class Multiplier>
bool forward_may_be_shared(Multiplier& multiplier,
                           const run_shape& run,
                           std::size_t inputs,
                           std::size_t outputs) {
  using element = typename Multiplier::element;
  probe_memory<element> operands;
  probe_memory<float> outcomes;
  const auto rows = run.total_rows();
  const auto stride = kernels::padded(outputs);
  const auto weight = operands.make_noise(outputs, inputs, inputs);
  return rows_may_be_shared(
    run, operands.make_noise(rows, inputs, kernels::padded(inputs)),
    outcomes.make(rows, outputs, stride), outcomes.make(run.rows, outputs, stride),
    kernels::product_tiles(outputs),
    [&](const basic_matrix<element>& x, auto begin, auto end, const matrix& y) {
      try_product(multiplier, product_form::right_transposed, x,
                  weight.row_range(begin, end), y);
    });
}

template <class Multiplier>
bool backward_may_be_shared(Multiplier& multiplier,
                            const run_shape& run,
                            std::size_t inputs,
                            std::size_t outputs) {
  using element = typename Multiplier::element;
  probe_memory<element> operands;
  probe_memory<float> outcomes;
  const auto rows = run.total_rows();
  const auto stride = kernels::padded(inputs);
  const auto weight = operands.make_noise(outputs, inputs, inputs);
  return rows_may_be_shared(
    run, operands.make_noise(rows, outputs, kernels::padded(outputs)),
    outcomes.make(rows, inputs, stride), outcomes.make(run.rows, inputs, stride),
    kernels::product_tiles(inputs),
    [&](const basic_matrix<element>& dy, auto begin, auto end, const matrix& dx) {
      try_product(multiplier, product_form::plain, dy, weight.column_range(begin, end),
                  dx);
    });
}

template <class Multiplier>
bool pairs_may_add_up(Multiplier& multiplier,
                      const run_shape& run,
                      std::size_t inputs,
                      std::size_t outputs) {
  using element = typename Multiplier::element;
  probe_memory<element> operands;
  probe_memory<float> outcomes;
  const auto rows = 2 * run.rows;
  const auto x = operands.make_noise(rows, inputs, kernels::padded(inputs));
  const auto dy = operands.make_noise(rows, outputs, kernels::padded(outputs));
  const auto tiles = gradient_tiles(outputs);
  const auto sum = outcomes.make(tiles.width, inputs, inputs);
  const auto other = outcomes.make(tiles.width, inputs, inputs);
  auto are_equal = true;
  for_outer_tiles(tiles, [&](std::size_t begin, std::size_t end) {
    const auto multiply = [&](std::size_t block, const matrix& out, product_mode mode) {
      try_product(multiplier, product_form::left_transposed,
                  block_of(dy.column_range(begin, end), run, block),
                  block_of(x, run, block), out.row_range(0, end - begin), mode);
    };
    multiply(0, sum, product_mode::write);
    multiply(1, other, product_mode::write);
    kernels::add({other.data, (end - begin) * inputs}, sum.data);
    multiply(0, other, product_mode::write);
    multiply(1, other, product_mode::add);
    are_equal =
      are_equal
      && same_bits(sum.row_range(0, end - begin), other.row_range(0, end - begin));
  });
  return are_equal;
}

// In float, y is made of chains, which need no probe.
template bool forward_may_be_shared(kernels::bf16_multiplier&,
                                    const run_shape&,
                                    std::size_t,
                                    std::size_t);
template bool backward_may_be_shared(kernels::bf16_multiplier&,
                                     const run_shape&,
                                     std::size_t,
                                     std::size_t);
template bool backward_may_be_shared(kernels::float_multiplier&,
                                     const run_shape&,
                                     std::size_t,
                                     std::size_t);
template bool
pairs_may_add_up(kernels::bf16_multiplier&, const run_shape&, std::size_t, std::size_t);
template bool pairs_may_add_up(kernels::float_multiplier&,
                               const run_shape&,
                               std::size_t,
                               std::size_t);

} // namespace souk::models
