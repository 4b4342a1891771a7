#pragma once

#include "actors/clocks.hpp"
#include "actors/range_order.hpp"
#include "experiments/line_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// `orders/<model>.jsonl`: in which order an asynchronous training read parameters and
/// applied gradients, range by range. One line for each range and each stretch of
/// steps, from a cut to the next:
///
///   {"range":0,"ranges":2,"first":50,"last":54,"events":"r0 r1 a1 r3 a0 r2 a3 a2"}
///
/// `r1` says that the parameters for step `first` + 1 were read then, `a1` that its
/// gradient was applied. Which version a gradient read, and so how stale it was,
/// follows. One thread at a time.
class order_file {
public:
  /// Opens or creates the file, and its folder; cuts off a last line that a crash left
  /// unfinished. Throws `core::error`.
  explicit order_file(std::string path);

  /// Removes what lies beyond the cut `step`: it will be done again from a checkpoint.
  /// Throws `core::error`.
  void rewind(std::uint64_t step);

  /// Appends what happened to a range in steps [first, last). After the last of the
  /// ranges all of them are on disk when it returns. Throws `core::error`.
  void append(std::uint64_t first,
              std::uint64_t last,
              std::size_t range,
              std::size_t num_ranges,
              const actors::range_order& order);

private:
  line_file lines_;
};

/// The path of a model's orders inside a run.
std::string order_entry(const std::string& model);

/// Reads the orders of all ranges, from step 0 to `last`. Throws `core::error` naming
/// the file where it does not tell of every step, range by range.
std::vector<actors::range_order> read_orders(const std::string& path,
                                             std::uint64_t last);

/// How far the file tells of every range, step by step, and of how many ranges; zeros
/// if it does not exist. Throws `core::error`.
struct order_extent {
  std::uint64_t last = 0;
  std::size_t ranges = 0;
};

order_extent extent_of_orders(const std::string& path);

} // namespace souk::experiments
