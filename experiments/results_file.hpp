#pragma once

#include "core/result_row.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// Returns the text of `results.json`: {"schema":1,"rows":[...]}, one row a line in the
/// order given. Numbers round-trip; `against` and `p_value` are null unless the row is
/// a comparison, and so is a number that is not finite.
std::string to_json(const std::vector<core::result_row>& rows);

/// Reads it back; a null number becomes NaN. Throws `core::error` naming `source` if it
/// is no whole table.
std::vector<core::result_row> results_from_json(const std::string& text,
                                                const std::string& source);

/// Writes the table atomically. Throws `core::error`.
void write_results(const std::string& path, const std::vector<core::result_row>& rows);

/// Reads the table of a file. Throws `core::error`.
std::vector<core::result_row> read_results(const std::string& path);

} // namespace souk::experiments
