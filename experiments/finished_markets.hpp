#pragma once

#include "experiments/line_file.hpp"
#include "experiments/market_rows.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// A market that need not be simulated again.
struct finished_market {
  std::uint16_t policy = 0; ///< number in the file
  std::uint16_t world = 0;
  std::uint32_t retrainings = 0;    ///< of the policy in this world
  std::uint32_t segments = 0;       ///< of the log when it was over
  std::vector<market_value> values; ///< what it came to
};

/// The list of a simulation's finished markets, `markets.jsonl` beside the segments of
/// its log. A line is a batch of markets, written at once and only after all that they
/// logged is in closed segments, with nothing of another market: a run that broke off
/// goes on after the last whole line.
class finished_markets {
public:
  /// Opens the list, or creates it. Throws `core::error`.
  explicit finished_markets(const std::string& folder);

  /// Returns the markets of all lines before the first that is damaged, if there is
  /// one, which is warned of.
  std::vector<finished_market> read() const;

  /// Puts markets in the place of the whole list. Throws `core::error`.
  void replace(const std::vector<finished_market>& markets);

  /// Adds a batch, all of whose markets have the same `segments`. Throws `core::error`.
  void add(const std::vector<finished_market>& batch);

  /// Removes the list from the folder.
  void remove();

private:
  line_file lines_;
};

} // namespace souk::experiments
