#include "data/dataset_file.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/owner_tables.hpp"
#include "data/packing.hpp"
#include "data/stored_kind.hpp"

#include <algorithm>

namespace souk::data {

namespace {

using hdf5::number_kind;

hdf5::row_layout events_layout(bool with_roles) {
  std::vector<hdf5::member> members{hdf5::number_member("user", number_kind::u32),
                                    hdf5::number_member("item", number_kind::u32),
                                    hdf5::number_member("time", number_kind::i64),
                                    hdf5::number_member("value", number_kind::f32),
                                    hdf5::number_member("price", number_kind::f32),
                                    hdf5::number_member("kind", number_kind::u8)};
  if (with_roles)
    members.push_back(hdf5::number_member("role", number_kind::u8));
  return hdf5::row_layout{std::move(members)};
}

/// Packs events and, where there are some, roles: the rows of the file and of the
/// digest.
void pack_events(const core::dataset& dataset,
                 std::size_t first,
                 std::size_t count,
                 std::size_t row_size,
                 unsigned char* rows) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto& event = dataset.events[first + i];
    packer bytes{rows + i * row_size};
    bytes.number(event.user)
      .number(event.item)
      .number(event.time)
      .number(event.value)
      .number(event.price)
      .number(static_cast<std::uint8_t>(event.kind));
    if (!dataset.roles.empty())
      bytes.number(static_cast<std::uint8_t>(dataset.roles[first + i]));
  }
}

void write_events(hdf5::file& file, const core::dataset& dataset) {
  const auto layout = events_layout(!dataset.roles.empty());
  file.write_table("events", layout, dataset.events.size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     pack_events(dataset, static_cast<std::size_t>(first), count,
                                 layout.row_size(), rows);
                   });
}

void take_event(core::dataset& dataset,
                bool with_roles,
                const unsigned char* row,
                const std::string& path) {
  unpacker bytes{row};
  core::event event;
  event.user = bytes.number<std::uint32_t>();
  event.item = bytes.number<std::uint32_t>();
  event.time = bytes.number<std::int64_t>();
  event.value = bytes.number<float>();
  event.price = bytes.number<float>();
  const auto kind = bytes.number<std::uint8_t>();
  const auto role = with_roles ? bytes.number<std::uint8_t>() : std::uint8_t{0};
  event.kind = static_cast<core::event_kind>(kind);
  const auto& events = dataset.events;
  const auto in_order =
    events.empty() || events.back().user < event.user
    || (events.back().user == event.user && events.back().time <= event.time);
  if (event.user >= dataset.user_names.size() || event.item >= dataset.item_names.size()
      || kind >= core::num_event_kinds
      || role > static_cast<std::uint8_t>(core::split_role::test_held_out) || !in_order)
    throw core::error{"event " + std::to_string(events.size()) + " makes no sense",
                      path, "import the source again"};
  dataset.events.push_back(event);
  if (with_roles)
    dataset.roles.push_back(static_cast<core::split_role>(role));
}

void read_events(const hdf5::file& file,
                 core::dataset& dataset,
                 const std::string& path) {
  const auto with_roles =
    file.layout_of("events").members().size() == events_layout(true).members().size();
  const auto layout = events_layout(with_roles);
  dataset.events.reserve(static_cast<std::size_t>(file.rows_of("events")));
  file.read_table(
    "events", layout, [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
      for (std::size_t i = 0; i < count; ++i)
        take_event(dataset, with_roles, rows + i * layout.row_size(), path);
    });
}

void feed_texts(core::digest& whole, const std::vector<std::string>& texts) {
  whole.feed(static_cast<std::uint64_t>(texts.size()));
  for (const auto& text : texts)
    whole.feed(text);
}

template <class T>
void feed_numbers(core::digest& whole, const std::vector<T>& numbers) {
  whole.feed(static_cast<std::uint64_t>(numbers.size()));
  whole.feed_bytes(numbers.data(), numbers.size() * sizeof(T));
}

void feed_attributes(core::digest& whole, const core::attribute_table& table) {
  whole.feed(static_cast<std::uint64_t>(table.columns.size()));
  for (const auto& column : table.columns) {
    whole.feed(column.name);
    whole.feed(static_cast<std::uint32_t>(column.kind));
    feed_texts(whole, column.vocabulary);
    feed_numbers(whole, column.codes);
    feed_numbers(whole, column.offsets);
    feed_numbers(whole, column.numbers);
    feed_texts(whole, column.texts);
  }
}

void feed_events(core::digest& whole, const core::dataset& dataset) {
  constexpr std::size_t rows_per_run = 4096;
  const auto row_size = events_layout(!dataset.roles.empty()).row_size();
  std::vector<unsigned char> rows(rows_per_run * row_size);
  whole.feed(static_cast<std::uint64_t>(dataset.events.size()));
  whole.feed(static_cast<std::uint64_t>(dataset.roles.size()));
  for (std::size_t first = 0; first < dataset.events.size(); first += rows_per_run) {
    const auto count = std::min(rows_per_run, dataset.events.size() - first);
    pack_events(dataset, first, count, row_size, rows.data());
    whole.feed_bytes(rows.data(), count * row_size);
  }
}

} // namespace

void write_dataset(const std::string& path, const core::dataset& dataset) {
  core::expects(dataset.roles.empty() || dataset.roles.size() == dataset.events.size(),
                "every event has a role, or none has");
  write_hashed(path, [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "dataset",
               {{"name", dataset.name}, {"has_times", dataset.has_times ? "1" : "0"}});
    write_events(file, dataset);
    write_owners(file, "users", dataset.user_names, dataset.user_attributes);
    write_owners(file, "items", dataset.item_names, dataset.item_attributes);
    file.close();
  });
}

core::dataset read_dataset(const std::string& path) {
  const auto file = hdf5::file::open(verified(path));
  const auto said = read_kind(file, "dataset", path);
  core::dataset dataset;
  dataset.name = attribute_of(said, "name", path);
  dataset.has_times = attribute_of(said, "has_times", path) == "1";
  auto users = read_owners(file, "users", path);
  auto items = read_owners(file, "items", path);
  dataset.user_names = std::move(users.names);
  dataset.user_attributes = std::move(users.attributes);
  dataset.item_names = std::move(items.names);
  dataset.item_attributes = std::move(items.attributes);
  read_events(file, dataset, path);
  return dataset;
}

std::string digest_of(const core::dataset& dataset) {
  core::digest whole;
  whole.feed(std::string_view{"dataset 1"});
  feed_texts(whole, dataset.user_names);
  feed_texts(whole, dataset.item_names);
  whole.feed(static_cast<std::uint32_t>(dataset.has_times));
  feed_events(whole, dataset);
  feed_attributes(whole, dataset.user_attributes);
  feed_attributes(whole, dataset.item_attributes);
  return whole.finish();
}

} // namespace souk::data
