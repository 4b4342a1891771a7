#include "data/formats/event_columns.hpp"
#include "data/formats/formats.hpp"

namespace souk::data::formats {

void read_retailrocket(source_import& import) {
  const auto path = file_at(import.options.path, {"events.csv"});
  record_reader reader{path, {",", true}};
  const auto header = read_header(reader);
  event_columns columns;
  columns.user = required_column(header, {"visitorid"}, path);
  columns.item = required_column(header, {"itemid"}, path);
  columns.time = required_column(header, {"timestamp"}, path);
  columns.event = required_column(header, {"event"}, path);
  columns.times = time_format::milliseconds;
  read_by_columns(import, reader, columns);
}

} // namespace souk::data::formats
