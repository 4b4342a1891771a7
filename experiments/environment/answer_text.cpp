#include "experiments/environment/answer_text.hpp"

#include "experiments/environment/json_columns.hpp"
#include "sim/policy.hpp"
#include "sim/slate_value.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace souk::experiments {

namespace {

using json = nlohmann::json;
using sim::slate_demand;

const char* kind_name(core::attribute_kind kind) {
  switch (kind) {
  case core::attribute_kind::category:
    return "category";
  case core::attribute_kind::categories:
    return "categories";
  case core::attribute_kind::number:
    return "number";
  case core::attribute_kind::text:
    break;
  }
  return "text";
}

static_assert(core::no_code == core::no_item, "both are -1 to others");

void append_code(std::string& out, core::span<const std::uint32_t> codes) {
  if (codes.empty() || codes[0] == core::no_code)
    out += "-1";
  else
    append(out, codes[0]);
}

void append_attribute(std::string& out,
                      const core::attribute_column& column,
                      std::size_t row) {
  switch (column.kind) {
  case core::attribute_kind::category:
    return append_code(out, column.codes_of(row));
  case core::attribute_kind::categories:
    return append_values(out, column.codes_of(row));
  case core::attribute_kind::number:
    if (std::isnan(column.numbers[row]))
      out += "null";
    else
      append(out, column.numbers[row]);
    return;
  case core::attribute_kind::text:
    out += quoted(column.texts[row]);
  }
}

void append_attributes(std::string& out,
                       slot_columns& columns,
                       const core::attribute_table& table) {
  out += ",\"attributes\":{";
  for (const auto& column : table.columns) {
    const auto* nothing = column.kind == core::attribute_kind::category     ? "-1"
                          : column.kind == core::attribute_kind::categories ? "[]"
                                                                            : "null";
    columns.column(column.name, nothing,
                   [&](std::size_t row) { append_attribute(out, column, row); });
  }
  out += '}';
}

/// What a search found and a slate may show, best first; nothing where nobody searches.
void append_found(std::string& out, const slate_demand& demand, std::size_t row) {
  if (demand.queries[row] == core::session_record::no_query) {
    out += "null";
    return;
  }
  std::vector<core::item_id> found;
  for (const auto item : candidates(demand, row))
    if (may_show(demand, row, item))
      found.push_back(item);
  append_values(out, found);
}

void append_observation(std::string& out, const sim::episode& played) {
  const auto& demand = played.demand();
  const auto monday = played.market().options().calendar.start_weekday;
  slot_columns columns{out, played};
  out += "\"observation\":{";
  columns.numbers("time", "0", [&](auto row) { return demand.times[row]; });
  columns.numbers("day", "0", [&](auto row) { return demand.day(row); });
  columns.numbers("weekday", "0",
                  [&](auto row) { return (monday + demand.day(row)) % 7; });
  columns.numbers("minute", "0", [&](auto row) {
    return demand.times[row] % core::day_ms / core::minute_ms;
  });
  columns.numbers("anonymous", "0", [&](auto row) { return +demand.anonymous[row]; });
  columns.numbers("query", "-1", [&](auto row) {
    return demand.queries[row] == core::session_record::no_query
             ? std::int64_t{-1}
             : std::int64_t{demand.queries[row]};
  });
  columns.numbers("length", "0", [&](auto row) { return played.slate_length(row); });
  columns.column("history", "[]",
                 [&](auto row) { append_values(out, demand.history.row(row)); });
  columns.column("barred", "[]",
                 [&](auto row) { append_values(out, demand.barred.row(row)); });
  columns.column("found", "null", [&](auto row) { append_found(out, demand, row); });
  append_attributes(out, columns, demand.attributes);
  out += '}';
}

/// The best slates for who waits now, and what they are worth.
void append_reference(std::string& out, const sim::episode& played) {
  const auto& demand = played.demand();
  const auto best = sim::make_reference_policy()->decide(demand).slates;
  const auto slate = [&](std::size_t row) {
    return best.row(row).subspan(0, played.slate_length(row));
  };
  slot_columns columns{out, played};
  columns.column("reference", "null",
                 [&](auto row) { append_values(out, slate(row)); });
  columns.numbers("reference_value", "null", [&](auto row) {
    return sim::expected_value_of(demand, row, slate(row));
  });
}

/// Leaves `info` open for more.
void append_info(std::string& out, const sim::episode& played, std::uint32_t world) {
  slot_columns columns{out, played};
  out += "\"info\":{\"world\":";
  append(out, world);
  out += ",\"over\":";
  append(out, played.is_over());
  columns.column("waiting", "false", [&](auto) { out += "true"; });
}

json described(const core::attribute_table& table) {
  auto columns = json::array();
  for (const auto& column : table.columns)
    columns.push_back({{"name", column.name},
                       {"kind", kind_name(column.kind)},
                       {"vocabulary", column.vocabulary}});
  return columns;
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

slate_values values_of(const sim::episode& played,
                       const std::vector<std::vector<core::item_id>>& slates) {
  slate_values values(played.num_slots(), -1.0);
  for (std::size_t row = 0; row < slates.size(); ++row)
    values[played.demand().users[row]] =
      sim::expected_value_of(played.demand(), row, slates[row]);
  return values;
}

std::string
reset_answer(const sim::episode& played, std::uint32_t world, bool reveal_truth) {
  std::string out{"{"};
  append_observation(out, played);
  out += ',';
  append_info(out, played, world);
  out += ",\"items\":";
  append(out, played.market().items().num_items);
  out += ",\"attributes\":" + text_of(described(played.market().people().profiles()));
  if (reveal_truth)
    append_reference(out, played);
  return out + "}}";
}

std::string step_answer(const sim::episode& played,
                        std::uint32_t world,
                        const sim::episode_outcome& told,
                        const std::optional<slate_values>& values) {
  std::string out{"{"};
  append_observation(out, played);
  out += ",\"reward\":";
  append_values(out, told.rewards);
  out += ",\"terminated\":";
  append_flags(out, told.terminated);
  out += ",\"truncated\":";
  append_flags(out, told.truncated);
  out += ',';
  append_info(out, played, world);
  out += ",\"clicked\":";
  append_list(out, told.clicked.size(), [&](std::size_t slot) {
    append_code(out, {&told.clicked[slot], 1});
  });
  out += ",\"bought\":";
  append_list(out, told.bought.size(),
              [&](std::size_t slot) { append_values(out, told.bought[slot]); });
  if (values) {
    out += ",\"slate_value\":";
    append_list(out, values->size(), [&](std::size_t slot) {
      if ((*values)[slot] < 0)
        out += "null";
      else
        append(out, (*values)[slot]);
    });
    append_reference(out, played);
  }
  return out + "}}";
}

std::string items_answer(const sim::world& market) {
  const auto table = market.item_table();
  auto columns = described(table);
  std::string out{"{\"items\":"};
  append(out, market.items().num_items);
  out += ",\"launch_day\":";
  append_values(out, market.items().launch_day);
  out += ",\"attributes\":" + text_of(columns) + ",\"columns\":{";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    out += (i > 0 ? "," : "") + quoted(column.name) + ':';
    append_list(out, market.items().num_items,
                [&](std::size_t item) { append_attribute(out, column, item); });
  }
  return out + "},\"queries\":" + text_of(json(market.queries())) + '}';
}

} // namespace souk::experiments
