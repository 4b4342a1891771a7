#include "data/formats/event_columns.hpp"

#include <algorithm>
#include <array>

namespace souk::data::formats {

namespace {

std::size_t fields_needed(const event_columns& columns) {
  std::size_t needed = 0;
  for (const auto column : {columns.user, columns.item, columns.time, columns.value,
                            columns.event, columns.price})
    if (column != no_column)
      needed = std::max(needed, column + 1);
  return needed;
}

core::event_kind required_kind(std::string_view field) {
  const auto word = required(field, "event");
  if (const auto kind = event_kind_of(word))
    return *kind;
  throw bad_row{"the event \"" + to_utf8(word.substr(0, 40)) + "\" is not known"};
}

} // namespace

std::optional<core::event_kind> event_kind_of(std::string_view word) {
  using kind = core::event_kind;
  constexpr std::array<std::pair<std::string_view, kind>, 17> words{{
    {"view", kind::click},
    {"click", kind::click},
    {"clicks", kind::click},
    {"pv", kind::click},
    {"addtocart", kind::cart},
    {"add_to_cart", kind::cart},
    {"cart", kind::cart},
    {"carts", kind::cart},
    {"transaction", kind::purchase},
    {"purchase", kind::purchase},
    {"buy", kind::purchase},
    {"order", kind::purchase},
    {"orders", kind::purchase},
    {"return", kind::product_return},
    {"rating", kind::rating},
    {"impression", kind::impression},
    {"show", kind::impression},
  }};
  const auto lower = lower_case(word);
  for (const auto& [known, meaning] : words)
    if (known == lower)
      return meaning;
  return {};
}

void read_by_columns(source_import& import,
                     record_reader& reader,
                     const event_columns& columns,
                     const row_visitor& visit) {
  const auto needed = fields_needed(columns);
  import.has_times = import.has_times || columns.time != no_column;
  read_event_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, needed);
    const auto& fields = row.fields();
    core::event event;
    event.kind =
      columns.event == no_column ? columns.kind : required_kind(fields[columns.event]);
    if (columns.value != no_column)
      event.value = static_cast<float>(required_number(fields[columns.value], "value"));
    if (columns.price != no_column)
      event.price = static_cast<float>(required_number(fields[columns.price], "price"));
    if (columns.time != no_column)
      event.time = required_time(fields[columns.time], "time", columns.times);
    const auto user = required(fields[columns.user], "user");
    const auto item = required(fields[columns.item], "item");
    event.user = import.users.number_of(user);
    event.item = import.items.number_of(item);
    import.events.push_back(event);
    if (visit)
      visit(row, event);
  });
}

} // namespace souk::data::formats
