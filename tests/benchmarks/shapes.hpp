#pragma once

#include "core/interactions.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::benchmarks {

/// The size of a data set that speed is measured at.
struct data_shape {
  std::string name;
  std::uint32_t users = 0; ///< that a model is trained on
  std::uint32_t items = 0;
  double draws_per_user = 0; ///< on average, before the same item twice becomes one
};

/// Returns `ml20m` (MovieLens-20M as Liang et al., WWW 2018, cut it), `ml1m`
/// (MovieLens-1M, likewise) or `tiny`, which only shows that everything works. Throws
/// `error` of the request for any other name.
const data_shape& shape_named(const std::string& name);

/// Draws rows of that shape: popularity falls as rank^-0.9 and item 0 is the most
/// popular; a user has Poisson many draws, at least 5. A pure function of the shape,
/// the same on every machine. ml20m has 69 items a user, ml1m 96.
core::interactions synthetic_rows(const data_shape& shape);

/// Reads `train.csv` (columns uid, sid) of a folder: the real rows of a split. Throws
/// `error` of the request if it is not there, or not such a file.
core::interactions read_training_csv(const std::string& folder);

/// Leaves out the users that do not fill a batch, so that an epoch has no padding.
core::interactions whole_batches(const core::interactions& rows,
                                 std::uint32_t batch_users);

/// Writes `offsets.u64` and `items.u32`, little-endian, into an existing folder, for
/// programs that shall train on the very same rows. Throws `error` if it cannot.
void write_raw_rows(const core::interactions& rows, const std::string& folder);

} // namespace souk::benchmarks
