#pragma once

#include "core/dataset.hpp"
#include "eval/realism/behaviour.hpp"
#include "sim/dataset_catalogue.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace souk::experiments {

/// Counts the events that tell who likes what: all but returns and ratings.
std::uint64_t count_choices(const eval::realism::behaviour& log);

/// A log's own items and users, for worlds over them: which items go together is then
/// the log's, not drawn.
class log_items {
public:
  explicit log_items(const eval::realism::behaviour& log);

  /// Returns what worlds are made from; factors of as many dimensions as `options` want
  /// are fitted at the first call for them. Valid until the next call, and as long as
  /// this.
  sim::catalogue_source source(const sim::simulation_options& options);

  /// Returns the log's number of an item of the worlds.
  core::item_id item_in_log(core::item_id item) const {
    return items_.at(item);
  }

private:
  std::vector<core::item_id> items_; ///< the log's numbers
  core::dataset data_;
  core::split split_;
  std::optional<sim::taste_factors> factors_;
};

} // namespace souk::experiments
