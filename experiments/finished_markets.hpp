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
/// its log: one line each, in their order. A line is written after what the market
/// logged is in closed segments, so a run that broke off goes on after the last line.
class finished_markets {
public:
  /// Opens the list, or creates it. Throws `core::error`.
  explicit finished_markets(const std::string& folder);

  /// Returns the markets that the list has. Throws `core::error` if it makes no sense.
  std::vector<finished_market> read() const;

  /// Adds markets. Throws `core::error`.
  void add(const std::vector<finished_market>& markets);

  /// Removes the list from the folder.
  void remove();

private:
  line_file lines_;
};

} // namespace souk::experiments
