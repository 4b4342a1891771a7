#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace souk::actors {

/// Finds trainers that take much longer to compute than their peers, from what each
/// says of its leases. Only computing counts: whoever waits for a slow one is not slow.
///
/// A trainer is compared with the median of its peers, so with one trainer nothing can
/// be said. Times are summed over windows, since what slows a process down comes and
/// goes (a neighbour's turn on the processor, a page that is fetched); whoever exceeds
/// the limit in several windows in a row is named, and is so no longer when it
/// stays below a lower one as often.
class slow_trainers {
public:
  /// At least, and until everybody has computed a step: so that a window sees many
  /// turns of the kernel's scheduler, which are some milliseconds long.
  static constexpr double window_seconds = 1.0;
  /// At most: some may never have a step, as where an epoch has fewer batches than
  /// there are workers. Nothing is said of who had none.
  static constexpr double window_seconds_max = 60.0;
  /// Healthy trainers on a busy machine stay within 1.2 of each other over a second
  /// (see tests/actors/slow_trainers_test.cpp); half a processor makes it 1.6 to 2.
  static constexpr double slow_factor = 1.4;
  static constexpr double well_factor = 1.2;
  /// A hiccup of a second or two is no slowness.
  static constexpr std::uint32_t windows_in_a_row = 3;

  /// Blocks that each trainer computes of a step (or of one that has a like share).
  explicit slow_trainers(std::vector<std::uint32_t> blocks);

  /// Notes how long a trainer computed so many steps of its own, and how long ago the
  /// last note was. Returns whether somebody was named, or is no longer.
  bool note(std::size_t trainer,
            double compute_seconds,
            std::uint64_t steps,
            double seconds_passed);

  /// How many times as long as its peers a trainer takes; nothing unless it is named.
  std::optional<double> times_slower(std::size_t trainer) const;

private:
  bool close_window();
  double factor_of(std::size_t trainer) const;

  struct watched {
    std::uint32_t blocks = 0;
    double seconds = 0; ///< in the present window
    std::uint64_t steps = 0;
    std::uint32_t slow_in_a_row = 0;
    double slow_factors = 0; ///< their sum over those windows
    std::uint32_t well_in_a_row = 0;
    std::optional<double> named; ///< the mean factor
  };

  std::vector<watched> trainers_;
  double window_ = 0;
  bool is_first_window_ = true;
};

} // namespace souk::actors
