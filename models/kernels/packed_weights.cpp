#include "models/kernels/packed_weights.hpp"

#include "core/error.hpp"
#include "models/kernels/chained_product.hpp"
#include "models/kernels/worker_pool.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/packed_weights.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Transposes weights of four outputs, [4, inputs], into columns of a panel.
void transpose_four(const_matrix weights, float* columns) {
  std::size_t input = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<float, 4> four;
  for (; input + 4 <= weights.columns; input += 4) {
    const auto row0 = hn::LoadU(four, weights.row(0) + input);
    const auto row1 = hn::LoadU(four, weights.row(1) + input);
    const auto row2 = hn::LoadU(four, weights.row(2) + input);
    const auto row3 = hn::LoadU(four, weights.row(3) + input);
    const auto even_low = hn::InterleaveLower(four, row0, row2);
    const auto odd_low = hn::InterleaveLower(four, row1, row3);
    const auto even_high = hn::InterleaveUpper(four, row0, row2);
    const auto odd_high = hn::InterleaveUpper(four, row1, row3);
    auto* out = columns + input * panel_width;
    hn::StoreU(hn::InterleaveLower(four, even_low, odd_low), four, out);
    hn::StoreU(hn::InterleaveUpper(four, even_low, odd_low), four, out + panel_width);
    hn::StoreU(hn::InterleaveLower(four, even_high, odd_high), four,
               out + 2 * panel_width);
    hn::StoreU(hn::InterleaveUpper(four, even_high, odd_high), four,
               out + 3 * panel_width);
  }
#endif
  for (; input < weights.columns; ++input)
    for (std::size_t output = 0; output < 4; ++output)
      columns[input * panel_width + output] = weights.row(output)[input];
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(transpose_four);

void pack_panel(const_matrix weights, float* panel) {
  core::expects(weights.rows <= panel_width, "a panel has so many outputs");
  std::size_t output = 0;
  for (; output + 4 <= weights.rows; output += 4)
    HWY_DYNAMIC_DISPATCH(transpose_four)
  (weights.row_range(output, output + 4), panel + output);
  for (; output < panel_width; ++output)
    for (std::size_t input = 0; input < weights.columns; ++input)
      panel[input * panel_width + output] =
        output < weights.rows ? weights.row(output)[input] : 0.0F;
}

packed_weights::packed_weights(const_matrix weights)
  : inputs_{weights.columns}, outputs_{weights.rows} {
  const tiling panels{outputs_, panel_width};
  panels_ = core::aligned_buffer<float>{panels.count() * inputs_ * panel_width};
  for (std::size_t panel = 0; panel < panels.count(); ++panel)
    pack_panel(weights.row_range(panels.begin(panel), panels.end(panel)),
               panels_.data() + panel * inputs_ * panel_width);
}

void packed_weights::apply(const_matrix rows,
                           core::span<const float> bias,
                           std::size_t first_output,
                           matrix out) const {
  core::expects(first_output % panel_width == 0, "a tile begins with a panel");
  core::expects(bias.empty() || bias.size() == outputs_, "each output has a bias");
  const tiling panels{out.columns, panel_width};
  for (std::size_t panel = 0; panel < panels.count(); ++panel) {
    const auto begin = panels.begin(panel);
    const auto end = panels.end(panel);
    const const_matrix weights{panels_.data() + (first_output + begin) * inputs_,
                               inputs_, end - begin, panel_width};
    const auto part =
      bias.empty() ? bias : bias.subspan(first_output + begin, end - begin);
    chained_product(rows, weights, part, out.column_range(begin, end));
  }
}

} // namespace souk::models::kernels

#endif
