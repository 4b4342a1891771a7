#pragma once

#include "data/formats/source.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace souk::data::formats {

/// Where a row keeps what, in columns counted from 0; `no_column` where it does not.
struct event_columns {
  std::size_t user = no_column;
  std::size_t item = no_column;
  std::size_t time = no_column;
  std::size_t value = no_column;
  std::size_t event = no_column;
  std::size_t price = no_column;
  time_format times = time_format::automatic;
  /// Of all rows where there is no column of events.
  core::event_kind kind = core::event_kind::click;
};

/// Called with every event that was read, for what else its row says.
using row_visitor = std::function<void(const record_reader&, const core::event&)>;

/// Reads rows that are one event each, to the end of the file.
void read_by_columns(source_import& import,
                     record_reader& reader,
                     const event_columns& columns,
                     const row_visitor& visit = {});

/// Returns the kind that shops call by this word ("view", "addtocart", "transaction",
/// ...), or nothing.
std::optional<core::event_kind> event_kind_of(std::string_view word);

} // namespace souk::data::formats
