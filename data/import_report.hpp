#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::data {

/// What became of every row that an import read: nothing disappears silently.
///
/// A row of events becomes one event, or is dropped for one reason, or is bad. Header
/// lines and empty lines are no rows.
struct import_report {
  std::uint64_t rows_read = 0; ///< rows of events, bad ones included
  std::uint64_t rows_bad = 0;  ///< unreadable: in the quarantine file
  /// Readable rows that are not in the dataset, by reason ("not positive",
  /// "duplicate", "user too small", "item too small", "no customer", ...).
  std::map<std::string, std::uint64_t> rows_dropped;
  std::uint64_t rows_kept = 0; ///< events of the dataset

  std::uint64_t users = 0;
  std::uint64_t items = 0;

  // Rows of files that describe users and items.
  std::uint64_t attribute_rows_read = 0;
  std::uint64_t attribute_rows_bad = 0;
  /// About users and items that have no events, or repeated.
  std::uint64_t attribute_rows_unused = 0;

  std::vector<std::string> files; ///< what was read, in order

  /// Whether read = bad + dropped + kept. Always so after an import.
  bool adds_up() const;

  /// Says all of it in a few lines.
  std::string to_text() const;
};

} // namespace souk::data
