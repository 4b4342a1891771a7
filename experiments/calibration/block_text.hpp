#pragma once

#include "experiments/calibration/calibration.hpp"

#include <string>

namespace souk::experiments {

/// Reads a `simulation:` block that is a file of its own, as in configs/sim/; an empty
/// path stands for the defaults. Throws `core::error` (of the request).
sim::simulation_options read_simulation_block(const std::string& path);

/// Writes a calibrated block, complete: beside each key the statistic that identified
/// it, or that nothing did and where its value is from. `source` names what was fitted
/// to. Where the block at `from` takes its catalogue from a dataset, so does this one,
/// and nothing is said of items that the dataset has. Reading the text again gives the
/// calibrated options.
std::string block_text(const calibration& fitted,
                       const std::string& from,
                       const std::string& source);

} // namespace souk::experiments
