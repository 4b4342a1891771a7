#include "data/session_log.hpp"

#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/packing.hpp"
#include "data/stored_kind.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace souk::data {

namespace fs = std::filesystem;

namespace {

using core::session_record;
using hdf5::number_kind;

const hdf5::row_layout& records_layout() {
  using hdf5::number_member;
  static const hdf5::row_layout layout{{
    number_member("time", number_kind::i64),
    number_member("user", number_kind::u32),
    number_member("session", number_kind::u32),
    number_member("step", number_kind::u32),
    number_member("item", number_kind::u32),
    number_member("slate", number_kind::u32),
    number_member("query", number_kind::u32),
    number_member("price", number_kind::f32),
    number_member("propensity", number_kind::f32),
    number_member("position", number_kind::u16),
    number_member("policy", number_kind::u16),
    number_member("world", number_kind::u16),
    number_member("kind", number_kind::u8),
    number_member("propensity_kind", number_kind::u8),
  }};
  return layout;
}

void pack(const session_record& record, unsigned char* row) {
  packer{row}
    .number(record.time)
    .number(record.user)
    .number(record.session)
    .number(record.step)
    .number(record.item)
    .number(record.slate)
    .number(record.query)
    .number(record.price)
    .number(record.propensity)
    .number(record.position)
    .number(record.policy)
    .number(record.world)
    .number(static_cast<std::uint8_t>(record.kind))
    .number(static_cast<std::uint8_t>(record.propensity_is));
}

void pack(core::span<const session_record> records, unsigned char* rows) {
  const auto row_size = records_layout().row_size();
  for (std::size_t i = 0; i < records.size(); ++i)
    pack(records[i], rows + i * row_size);
}

session_record unpack(const unsigned char* row, const std::string& path) {
  unpacker bytes{row};
  session_record record;
  record.time = bytes.number<core::time_ms>();
  record.user = bytes.number<core::user_id>();
  record.session = bytes.number<std::uint32_t>();
  record.step = bytes.number<std::uint32_t>();
  record.item = bytes.number<core::item_id>();
  record.slate = bytes.number<std::uint32_t>();
  record.query = bytes.number<std::uint32_t>();
  record.price = bytes.number<float>();
  record.propensity = bytes.number<float>();
  record.position = bytes.number<std::uint16_t>();
  record.policy = bytes.number<std::uint16_t>();
  record.world = bytes.number<std::uint16_t>();
  const auto kind = bytes.number<std::uint8_t>();
  const auto propensity = bytes.number<std::uint8_t>();
  if (kind >= core::num_event_kinds
      || propensity > static_cast<std::uint8_t>(core::propensity_kind::estimated))
    throw core::error{"a record makes no sense", path, "simulate again"};
  record.kind = static_cast<core::event_kind>(kind);
  record.propensity_is = static_cast<core::propensity_kind>(propensity);
  return record;
}

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
  read_kind(file, "sessions", path);
  session_log segment;
  segment.tables.policies = read_names(file, "policies");
  segment.tables.queries = read_names(file, "queries");
  segment.records.reserve(static_cast<std::size_t>(file.rows_of("records")));
  file.read_table("records", records_layout(),
                  [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
                    for (std::size_t i = 0; i < count; ++i)
                      segment.records.push_back(
                        unpack(rows + i * records_layout().row_size(), path));
                  });
  return segment;
}

} // namespace

session_log_writer::session_log_writer(std::string folder,
                                       core::session_log_tables tables,
                                       std::size_t records_per_segment)
  : folder_{std::move(folder)}, tables_{std::move(tables)}, records_per_segment_{
                                                              records_per_segment} {
  core::expects(records_per_segment > 0, "a segment holds at least one record");
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem)
    throw core::error{"cannot create the folder (" + problem.message() + ")", folder_,
                      "check the path and your rights"};
  if (count_segments(folder_) > 0)
    throw core::error{"the folder holds a session log already", folder_,
                      "remove it, or log somewhere else"};
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
  const auto row_size = records_layout().row_size();
  num_records_ += records.size();
  while (!records.empty()) {
    const auto buffered = rows_.size() / row_size;
    const auto count = std::min(records.size(), records_per_segment_ - buffered);
    rows_.resize(rows_.size() + count * row_size);
    pack({records.data(), count}, rows_.data() + buffered * row_size);
    records = {records.data() + count, records.size() - count};
    if (buffered + count == records_per_segment_)
      write_segment();
  }
}

std::string session_log_writer::close() {
  core::expects(!closed_, "a log is closed once");
  // A log without records is a segment without records, not a missing log.
  if (!rows_.empty() || num_segments_ == 0)
    write_segment();
  closed_ = true;
  return digest_.finish();
}

void session_log_writer::write_segment() {
  const auto row_size = records_layout().row_size();
  digest_.feed_bytes(rows_.data(), rows_.size());
  write_hashed(segment_path(folder_, num_segments_), [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "sessions", {});
    file.write_table("records", records_layout(), rows_.size() / row_size,
                     [&](std::uint64_t first, std::size_t count, unsigned char* rows) {
                       std::memcpy(rows, rows_.data() + first * row_size,
                                   count * row_size);
                     });
    write_names(file, "policies", tables_.policies);
    write_names(file, "queries", tables_.queries);
    file.close();
  });
  rows_.clear();
  ++num_segments_;
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
  constexpr std::size_t rows_per_run = 4096;
  const auto row_size = records_layout().row_size();
  std::vector<unsigned char> rows(rows_per_run * row_size);
  core::digest whole;
  for (std::size_t first = 0; first < records.size(); first += rows_per_run) {
    const auto count = std::min(rows_per_run, records.size() - first);
    pack({records.data() + first, count}, rows.data());
    whole.feed_bytes(rows.data(), count * row_size);
  }
  return whole.finish();
}

} // namespace souk::data
