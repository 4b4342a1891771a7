#pragma once

#include "core/span.hpp"
#include "models/kernels/worker_pool.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace souk::models::kernels {

/// sum = sum + other, element by element. Returns whether all sums are finite.
bool add_finite(core::span<const float> other, float* sum);

/// The least number that rounds to infinity in bf16.
constexpr float infinity_in_bf16 = 0x1.FFp127F;

/// Whether all magnitudes lie below a limit; NaN does not.
bool all_below(float limit, core::span<const float> values);

/// Consecutive elements of a tensor, and where they lie in the arena.
struct tensor_piece {
  std::uint64_t offset = 0; ///< in the arena, in floats
  core::span<float> values;
};

/// An element that was selected.
struct large_element {
  std::uint64_t offset = 0; ///< in the arena, in floats
  float* place = nullptr;
};

/// Selects the elements of largest magnitude. Zeros are never selected, and of equal
/// magnitudes the lower offset goes first: which elements they are depends on nothing
/// but the values.
///
/// A sample guesses a magnitude that somewhat more elements than wanted reach (after
/// Lin et al., "Deep Gradient Compression", ICLR 2018, section 3.1); one pass collects
/// those, and selection among them is exact. Where the guess was too high, everything
/// is collected.
class magnitude_selection {
public:
  explicit magnitude_selection(worker_pool& pool);

  /// Returns the `count` elements of largest magnitude, or all that are not zero, by
  /// ascending offset. `pieces` ascend, are shorter than 2^32 elements and finite.
  /// Valid until the next call.
  core::span<const large_element> select(core::span<const tensor_piece> pieces,
                                         std::size_t count);

private:
  void collect(core::span<const tensor_piece> pieces, std::uint32_t least);
  std::uint32_t
  guess(core::span<const tensor_piece> pieces, std::size_t total, std::size_t count);
  void cut(std::size_t count);

  worker_pool& pool_;
  std::vector<std::vector<std::uint32_t>> places_;    ///< scratch, by thread
  std::vector<std::vector<large_element>> collected_; ///< by job
  std::vector<large_element> selected_;
  std::vector<std::uint32_t> magnitudes_;
};

} // namespace souk::models::kernels
