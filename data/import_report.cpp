#include "data/import_report.hpp"

namespace souk::data {

bool import_report::adds_up() const {
  auto accounted = rows_bad + rows_kept;
  for (const auto& [reason, count] : rows_dropped)
    accounted += count;
  return accounted == rows_read;
}

std::string import_report::to_text() const {
  auto text = std::to_string(rows_read) + " rows read, " + std::to_string(rows_kept)
              + " events of " + std::to_string(users) + " users and "
              + std::to_string(items) + " items kept";
  for (const auto& [reason, count] : rows_dropped)
    if (count > 0)
      text += "\n  dropped, " + reason + ": " + std::to_string(count);
  if (rows_bad + attribute_rows_bad > 0)
    text += "\n  bad rows in quarantine: " + std::to_string(rows_bad) + " events, "
            + std::to_string(attribute_rows_bad) + " attributes";
  if (attribute_rows_read > 0)
    text += "\n  attribute rows: " + std::to_string(attribute_rows_read) + " read, "
            + std::to_string(attribute_rows_unused) + " not needed";
  return text;
}

} // namespace souk::data
