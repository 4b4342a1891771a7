#include "models/compression.hpp"

#include "core/error.hpp"
#include "models/kernels/magnitudes.hpp"
#include "models/kernels/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>

namespace souk::models {

namespace {

// Dense matrices are cut into pieces that fit a core's second-level cache.
constexpr std::size_t elements_per_piece = 16'384;

[[noreturn]] void refuse(std::uint64_t step) {
  throw core::error{"the gradient of step " + std::to_string(step + 1)
                      + " is not finite: the weights have diverged",
                    "training",
                    "lower training.optimiser.learning_rate and start anew"};
}

void append(core::gradient_slice& to, const core::gradient_slice& more) {
  to.insert(to.end(), more.begin(), more.end());
}

} // namespace

/// The scratch memory of top_k: a matrix's residual in pieces, and beside each what is
/// added to it.
class gradient_compressor::selection {
public:
  explicit selection(std::size_t threads) : pool_{threads}, largest_{pool_} {
    // nop
  }

  /// Makes the matrix's touched elements the pieces to select from; returns how many
  /// elements they are.
  std::size_t
  cut(const core::gradient& gradient, std::size_t number, core::span<float> residual) {
    pieces_.clear();
    gradients_.clear();
    const auto& spec = gradient.layout()[number];
    if (!spec.sparse_rows) {
      const auto values = gradient.dense(number);
      const kernels::tiling tiles{values.size(), elements_per_piece};
      for (std::size_t i = 0; i < tiles.count(); ++i)
        add(spec.offset + tiles.begin(i),
            values.subspan(tiles.begin(i), tiles.end(i) - tiles.begin(i)), residual);
      return values.size();
    }
    const auto values = gradient.touched_values(number);
    const auto width = spec.row_size();
    std::size_t place = 0;
    for (const auto row : gradient.touched(number))
      add(spec.offset + row * width, values.subspan(width * place++, width), residual);
    return values.size();
  }

  /// Adds gradients to residuals; false where a sum is not finite.
  bool add_up() {
    std::atomic<bool> finite{true};
    pool_.parallel_for(pieces_.size(), [&](std::size_t i) {
      if (!kernels::add_finite(gradients_[i], pieces_[i].values.data()))
        finite = false;
    });
    return finite;
  }

  core::span<const kernels::large_element> largest(std::size_t count) {
    return largest_.select(pieces_, count);
  }

private:
  void add(std::uint64_t offset, core::span<const float> values, core::span<float> to) {
    pieces_.push_back({offset, to.subspan(offset, values.size())});
    gradients_.push_back(values);
  }

  kernels::worker_pool pool_;
  kernels::magnitude_selection largest_;
  std::vector<kernels::tensor_piece> pieces_;
  std::vector<core::span<const float>> gradients_; ///< by piece
};

gradient_compressor::gradient_compressor(const compression_options& options,
                                         const core::parameter_layout& layout,
                                         std::size_t num_blocks,
                                         std::size_t threads)
  : options_{options}, layout_{&layout}, blocks_(num_blocks) {
  core::expects(options.kind != compression_kind::none, "something is compressed");
  if (!keeps_residuals())
    return;
  selection_ = std::make_unique<selection>(threads);
  for (auto& block : blocks_)
    block.residual.resize(layout.size());
}

gradient_compressor::~gradient_compressor() = default;

void gradient_compressor::compress(std::uint64_t step,
                                   std::size_t block,
                                   const core::gradient& gradient,
                                   compressed_gradient& out) {
  auto& memory = blocks_.at(block);
  if (keeps_residuals() && memory.step != step)
    throw core::error{"a residual of step " + std::to_string(memory.step)
                        + " does not fit the gradient of step " + std::to_string(step),
                      "training", "go on from the last checkpoint with --resume"};
  out = {};
  if (options_.kind == compression_kind::bf16) {
    out.width = number_width::bits16;
    out.whole = gradient.slice({0, layout_->size()});
  } else {
    for (std::size_t i = 0; i < layout_->tensors().size(); ++i) {
      const auto& spec = (*layout_)[i];
      if (spec.shape.size() < 2)
        append(out.whole, gradient.slice({spec.offset, spec.offset + spec.size()}));
      else
        thin(gradient, i, memory, out);
    }
  }
  const auto bf16 = out.width == number_width::bits16;
  for (const auto& run : out.whole)
    if (!kernels::all_below(bf16 ? kernels::infinity_in_bf16
                                 : std::numeric_limits<float>::infinity(),
                            {run.values, run.length}))
      refuse(step);
  memory.step = step + 1;
}

void gradient_compressor::thin(const core::gradient& gradient,
                               std::size_t number,
                               block_memory& memory,
                               compressed_gradient& out) {
  const auto elements = selection_->cut(gradient, number, memory.residual);
  if (elements == 0)
    return;
  if (!selection_->add_up())
    refuse(memory.step);
  const auto share = options_.fraction * static_cast<double>(elements);
  const auto count = std::max(std::size_t{1}, static_cast<std::size_t>(share));
  for (const auto& element : selection_->largest(count)) {
    out.offsets.push_back(element.offset);
    out.values.push_back(*element.place);
    *element.place = 0;
  }
}

void gradient_compressor::restore(std::size_t block,
                                  std::uint64_t step,
                                  core::span<const float> residual) {
  auto& memory = blocks_.at(block);
  memory.step = step;
  if (!keeps_residuals())
    return;
  core::expects(residual.empty() || residual.size() == memory.residual.size(),
                "a residual fills the arena");
  if (residual.empty())
    std::fill(memory.residual.begin(), memory.residual.end(), 0.0F);
  else
    std::copy(residual.begin(), residual.end(), memory.residual.begin());
}

} // namespace souk::models
