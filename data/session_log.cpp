#include "data/session_log.hpp"

#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/packing.hpp"
#include "data/session_rows.hpp"
#include "data/stored_kind.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <future>

namespace souk::data {

namespace fs = std::filesystem;

namespace {

using core::session_record;

constexpr auto first_record = "first_record";

hdf5::row_layout names_layout(std::size_t size) {
  return hdf5::row_layout{{hdf5::text_member("name", size)}};
}

void write_names(hdf5::file& file,
                 const std::string& table,
                 const std::vector<std::string>& names) {
  std::size_t size = 1;
  for (const auto& name : names)
    size = std::max(size, name.size());
  const auto layout = names_layout(size);
  file.write_table(table, layout, names.size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     for (std::size_t i = 0; i < count; ++i)
                       packer{rows + i * size}.text(
                         names[static_cast<std::size_t>(first) + i], size);
                   });
}

std::vector<std::string> read_names(const hdf5::file& file, const std::string& table) {
  std::vector<std::string> names;
  const auto size = file.layout_of(table).row_size();
  file.read_table(table, names_layout(size),
                  [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
                    for (std::size_t i = 0; i < count; ++i)
                      names.push_back(unpacker{rows + i * size}.text(size));
                  });
  return names;
}

std::string segment_path(const std::string& folder, std::uint32_t number) {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%05u.h5", number);
  return (fs::path{folder} / name.data()).string();
}

/// Counts segments by their hashes, which come into being before them.
std::uint32_t count_segments(const std::string& folder) {
  std::uint32_t last = 0;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator{folder, problem}) {
    unsigned number = 0;
    char ending = 0;
    const auto name = entry.path().filename().string();
    if (std::sscanf(name.c_str(), "%u.h%c", &number, &ending) == 2 && ending == '5'
        && (segment_path("", number) == name
            || segment_path("", number) + ".sha256" == name))
      last = std::max(last, number + 1);
  }
  return last;
}

session_log read_segment(const std::string& path) {
  const auto file = hdf5::file::open(verified(path));
  const auto attributes = read_kind(file, "sessions", path);
  session_log segment;
  segment.tables.policies = read_names(file, "policies");
  segment.tables.queries = read_names(file, "queries");
  session_unpacker records{path, number_of(attributes, first_record, path)};
  file.read_table("slates", slates_layout(), [&](auto, auto count, auto* rows) {
    records.take_slates(count, rows);
  });
  file.read_table(
    "impressions", impressions_layout(),
    [&](auto, auto count, auto* rows) { records.take_impressions(count, rows); });
  file.read_table("events", events_layout(), [&](auto, auto count, auto* rows) {
    records.take_events(count, rows);
  });
  segment.records = records.finish();
  return segment;
}

void write_rows(hdf5::file& file,
                const std::string& table,
                const hdf5::row_layout& layout,
                core::span<const unsigned char> packed) {
  file.write_table(table, layout, packed.size() / layout.row_size(),
                   [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                     std::memcpy(rows, packed.data() + first * layout.row_size(),
                                 count * layout.row_size());
                   });
}

void write_rows_of(const std::string& path,
                   const session_packer& rows,
                   const core::session_log_tables& tables) {
  write_hashed(path, [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "sessions", {{first_record, std::to_string(rows.first_record())}});
    write_rows(file, "slates", slates_layout(), rows.slates());
    write_rows(file, "impressions", impressions_layout(), rows.impressions());
    write_rows(file, "events", events_layout(), rows.events());
    write_names(file, "policies", tables.policies);
    write_names(file, "queries", tables.queries);
    file.close();
  });
}

} // namespace

session_log_writer::session_log_writer(std::string folder,
                                       core::session_log_tables tables,
                                       std::size_t records_per_segment)
  : session_log_writer{std::move(folder), std::move(tables), records_per_segment, 0} {
  // nop
}

session_log_writer session_log_writer::continued(std::string folder,
                                                 core::session_log_tables tables,
                                                 std::uint32_t segments,
                                                 std::size_t records_per_segment) {
  const auto all = count_segments(folder);
  for (auto i = segments; i < all; ++i)
    for (const auto* ending : {"", ".sha256"})
      fs::remove(segment_path(folder, i) + ending);
  return {std::move(folder), std::move(tables), records_per_segment, segments};
}

session_log_writer::session_log_writer(std::string folder,
                                       core::session_log_tables tables,
                                       std::size_t records_per_segment,
                                       std::uint32_t segments)
  : folder_{std::move(folder)}, tables_{std::move(tables)}, records_per_segment_{
                                                              records_per_segment} {
  core::expects(records_per_segment > 0, "a segment holds at least one record");
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem)
    throw core::error{"cannot create the folder (" + problem.message() + ")", folder_,
                      "check the path and your rights"};
  if (count_segments(folder_) > segments)
    throw core::error{"the folder holds a session log already", folder_,
                      "remove it, or log somewhere else"};
  while (num_segments_ < segments)
    take_up_segment();
  rows_.start_at(num_records_);
  for (std::uint32_t i = 0; i < tables_.queries.size(); ++i)
    query_numbers_.emplace(tables_.queries[i], i);
}

session_log_writer::~session_log_writer() = default;

std::uint32_t session_log_writer::number_of_query(const std::string& query) {
  const auto next = static_cast<std::uint32_t>(tables_.queries.size());
  const auto [place, is_new] = query_numbers_.emplace(query, next);
  if (is_new)
    tables_.queries.push_back(query);
  return place->second;
}

void session_log_writer::append(core::span<const session_record> records) {
  core::expects(!closed_, "a closed log takes no more records");
  num_records_ += records.size();
  while (!records.empty()) {
    const auto buffered = static_cast<std::size_t>(rows_.num_records());
    if (buffered >= records_per_segment_ && !rows_.continues_slate(records[0]))
      write_segment();
    // A slate that does not fit is still kept in one piece, record by record.
    const auto room =
      rows_.num_records() < records_per_segment_
        ? records_per_segment_ - static_cast<std::size_t>(rows_.num_records())
        : 1;
    const auto count = std::min(records.size(), room);
    rows_.add({records.data(), count});
    records = {records.data() + count, records.size() - count};
  }
}

void session_log_writer::take_up_segment() {
  const auto path = segment_path(folder_, num_segments_);
  const auto file = hdf5::file::open(verified(path));
  read_kind(file, "sessions", path);
  const auto feed = [&](const std::string& table, const hdf5::row_layout& layout,
                        void (session_digest::*to)(core::span<const unsigned char>)) {
    file.read_table(table, layout, [&](auto, std::size_t count, auto* rows) {
      (digest_.*to)({rows, count * layout.row_size()});
    });
  };
  feed("slates", slates_layout(), &session_digest::feed_slates);
  feed("impressions", impressions_layout(), &session_digest::feed_impressions);
  feed("events", events_layout(), &session_digest::feed_events);
  num_records_ += file.rows_of("impressions") + file.rows_of("events");
  tables_.queries = read_names(file, "queries"); // they only grow
  ++num_segments_;
}

void session_log_writer::flush() {
  if (rows_.num_records() > 0)
    write_segment();
  finish_writing();
}

std::string session_log_writer::close() {
  core::expects(!closed_, "a log is closed once");
  // A log without records is a segment without records, not a missing log.
  if (rows_.num_records() > 0 || num_segments_ == 0)
    write_segment();
  finish_writing();
  closed_ = true;
  return digest_.finish();
}

void session_log_writer::write_segment() {
  finish_writing();
  std::swap(rows_, being_written_);
  rows_.start_at(being_written_.next_record());
  const auto path = segment_path(folder_, num_segments_++);
  writing_ = std::async(std::launch::async, [this, path, tables = tables_] {
    // Hashed beside the packing: together they are half of the work of a fast market.
    auto hashed = std::async([this] { digest_.feed(being_written_); });
    write_rows_of(path, being_written_, tables);
    hashed.get();
  });
}

void session_log_writer::finish_writing() {
  if (writing_.valid())
    writing_.get();
}

std::uint32_t count_whole_segments(const std::string& folder, std::uint32_t most) {
  for (std::uint32_t i = 0; i < most; ++i)
    try {
      verified(segment_path(folder, i));
    } catch (const core::error&) {
      return i;
    }
  return most;
}

void for_each_segment(const std::string& folder,
                      const std::function<void(const session_log&)>& visit) {
  const auto num_segments = count_segments(folder);
  if (num_segments == 0)
    throw core::error{"the folder holds no session log", folder, "check the path"};
  for (std::uint32_t i = 0; i < num_segments; ++i)
    visit(read_segment(segment_path(folder, i)));
}

session_log read_session_log(const std::string& folder) {
  session_log whole;
  for_each_segment(folder, [&](const session_log& segment) {
    // Tables only grow: the last segment's are everybody's.
    whole.tables = segment.tables;
    whole.records.insert(whole.records.end(), segment.records.begin(),
                         segment.records.end());
  });
  return whole;
}

std::string digest_of(core::span<const session_record> records) {
  constexpr std::size_t rows_at_once = std::size_t{1} << 20;
  session_packer rows;
  session_digest whole;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (rows.num_records() >= rows_at_once && !rows.continues_slate(records[i])) {
      whole.feed(rows);
      rows.start_at(i);
    }
    rows.add({records.data() + i, 1});
  }
  whole.feed(rows);
  return whole.finish();
}

} // namespace souk::data
