#include "models/amx_products.hpp"

#include "core/error.hpp"
#include "models/run_of_blocks.hpp"
#include "models/tiled_products.hpp"

#include <algorithm>

namespace souk::models {

using kernels::amx_tiles;
using kernels::bf16;
using kernels::const_matrix;
using kernels::matrix;
using kernels::strip_lines;
using kernels::strip_mode;
using kernels::strip_shape;
using kernels::strip_side;
using kernels::tiling;

namespace {

// Outputs that a gradient of the inputs takes at a time: its operands' strips, of a few
// hundred rows and inputs, stay in the second-level cache.
constexpr std::size_t outputs_at_a_time = 512;

// Strips that one thread takes.
constexpr std::size_t strips_at_a_time = 4;

constexpr std::size_t sums_size = strip_lines * strip_lines;

tiling strips_of(std::size_t lines) {
  return {lines, strip_lines};
}

/// Calls body(begin, end, worker) for every strip of a layer's outputs. A thread takes
/// some neighbours at a time, so that threads do not fetch each other's lines: y and dy
/// are read and written in narrow columns.
template <class Body>
void for_strips(kernels::worker_pool& pool, std::size_t outputs, const Body& body) {
  const auto strips = strips_of(outputs);
  const tiling jobs{strips.count(), strips_at_a_time};
  pool.parallel_for(jobs.count(), [&](std::size_t job, std::size_t worker) {
    const amx_tiles tiles;
    for (auto i = jobs.begin(job); i < jobs.end(job); ++i)
      body(strips.begin(i), strips.end(i), worker);
  });
}

} // namespace

amx_products::amx_products(kernels::worker_pool& pool,
                           run_shape run,
                           std::size_t inputs,
                           std::size_t outputs,
                           kernels::bf16_terms terms)
  : pool_{pool}, run_{run}, inputs_{inputs}, outputs_{outputs}, terms_{terms},
    rooms_(pool.threads()) {
  const strip_shape of_inputs{inputs, terms};
  const strip_shape of_block{run.rows, terms};
  const strip_shape of_outputs{std::min(outputs, outputs_at_a_time), terms};
  const auto row_strips = strips_of(run.total_rows()).count();
  const auto input_strips = strips_of(inputs).count();
  shared_ = core::aligned_buffer<bf16>{std::max(
    {row_strips * of_inputs.size(), input_strips * run.blocks * of_block.size(),
     (row_strips + input_strips) * of_outputs.size()})};
  std::size_t depth = 0; // of trees whose right subtree has a sum of its own
  for (auto count = run.blocks; count > 2; count /= 2)
    ++depth;
  for (auto& room : rooms_) {
    room.strips = core::aligned_buffer<bf16>{
      std::max(of_inputs.size(), run.blocks * of_block.size())};
    room.sums = core::aligned_buffer<float>{depth * sums_size};
  }
}

void amx_products::check(const matrix& inputs, const matrix& outputs) const {
  core::expects(inputs.rows == run_.total_rows() && outputs.rows == inputs.rows
                  && inputs.columns == inputs_ && outputs.columns == outputs_,
                "operands have the shapes that there is room for");
}

void amx_products::forward(matrix x, const_matrix weight, matrix y) {
  check(x, y);
  const strip_shape shape{inputs_, terms_};
  const auto rows = strips_of(x.rows);
  pool_.parallel_for(rows.count(), [&](std::size_t i) {
    kernels::pack_rows(strip_side::left, terms_,
                       x.row_range(rows.begin(i), rows.end(i)),
                       shared_.data() + i * shape.size());
  });
  for_strips(pool_, y.columns,
             [&](std::size_t begin, std::size_t end, std::size_t worker) {
               auto* const outputs = rooms_[worker].strips.data();
               kernels::pack_rows(strip_side::right, terms_,
                                  weight.row_range(begin, end), outputs);
               for (std::size_t i = 0; i < rows.count(); ++i)
                 kernels::multiply_strips(
                   shape, shared_.data() + i * shape.size(), outputs,
                   y.row_range(rows.begin(i), rows.end(i)).column_range(begin, end));
             });
}

void amx_products::weight_gradient(matrix dy, matrix x, gradient_receiver& receiver) {
  check(x, dy);
  const strip_shape shape{run_.rows, terms_};
  const auto inputs = strips_of(x.columns);
  // Strips of one place and all blocks lie side by side.
  const auto place_size = run_.blocks * shape.size();
  pool_.parallel_for(inputs.count(), [&](std::size_t j) {
    const auto columns = x.column_range(inputs.begin(j), inputs.end(j));
    for (std::size_t block = 0; block < run_.blocks; ++block)
      kernels::pack_columns(strip_side::right, terms_, block_of(columns, run_, block),
                            shared_.data() + j * place_size + block * shape.size());
  });
  for_strips(
    pool_, dy.columns, [&](std::size_t begin, std::size_t end, std::size_t worker) {
      const auto& room = rooms_[worker];
      const auto columns = dy.column_range(begin, end);
      const auto sums = receiver.room(begin, end, worker);
      sum_bias_gradient(run_, columns, sums.bias);
      for (std::size_t block = 0; block < run_.blocks; ++block)
        kernels::pack_columns(strip_side::left, terms_, block_of(columns, run_, block),
                              room.strips.data() + block * shape.size());
      for (std::size_t j = 0; j < inputs.count(); ++j)
        sum_blocks(room.strips.data(), shared_.data() + j * place_size, 0, run_.blocks,
                   room.sums.data(),
                   sums.weight.column_range(inputs.begin(j), inputs.end(j)));
      receiver.take(begin, sums);
    });
}

void amx_products::sum_blocks(const bf16* dy,
                              const bf16* x,
                              std::size_t first,
                              std::size_t count,
                              float* right_sums,
                              matrix out) {
  const strip_shape shape{run_.rows, terms_};
  const auto take_block = [&](std::size_t block, strip_mode mode) {
    kernels::multiply_strips(shape, dy + block * shape.size(), x + block * shape.size(),
                             out, mode);
  };
  if (count == 1)
    return take_block(first, strip_mode::write);
  if (count == 2) {
    take_block(first, strip_mode::write);
    return take_block(first + 1, strip_mode::add);
  }
  const matrix right{right_sums, out.rows, out.columns, strip_lines};
  sum_blocks(dy, x, first, count / 2, right_sums, out);
  sum_blocks(dy, x, first + count / 2, count / 2, right_sums + sums_size, right);
  kernels::add_strip_products(right, out);
}

void amx_products::backward(matrix dy, const_matrix weight, matrix dx) {
  check(dx, dy);
  const auto rows = strips_of(dy.rows);
  const auto columns = strips_of(dx.columns);
  const tiling stretches{dy.columns, outputs_at_a_time};
  for (std::size_t k = 0; k < stretches.count(); ++k) {
    const auto begin = stretches.begin(k);
    const auto end = stretches.end(k);
    const strip_shape shape{end - begin, terms_};
    auto* const left = shared_.data();
    auto* const right = left + rows.count() * shape.size();
    pool_.parallel_for(rows.count() + columns.count(), [&](std::size_t index) {
      if (index < rows.count())
        return kernels::pack_rows(
          strip_side::left, terms_,
          dy.row_range(rows.begin(index), rows.end(index)).column_range(begin, end),
          left + index * shape.size());
      const auto j = index - rows.count();
      kernels::pack_columns(
        strip_side::right, terms_,
        weight.row_range(begin, end).column_range(columns.begin(j), columns.end(j)),
        right + j * shape.size());
    });
    const tiling groups{columns.count(), strips_at_a_time};
    pool_.parallel_for(rows.count() * groups.count(), [&](std::size_t index) {
      const amx_tiles tiles;
      const auto i = index / groups.count();
      const auto group = index % groups.count();
      const auto dx_rows = dx.row_range(rows.begin(i), rows.end(i));
      for (auto j = groups.begin(group); j < groups.end(group); ++j)
        kernels::multiply_strips(shape, left + i * shape.size(),
                                 right + j * shape.size(),
                                 dx_rows.column_range(columns.begin(j), columns.end(j)),
                                 k == 0 ? strip_mode::write : strip_mode::go_on);
    });
  }
}

} // namespace souk::models
