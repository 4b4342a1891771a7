#pragma once

#include "core/session_record.hpp"
#include "core/span.hpp"
#include "data/session_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <vector>

namespace souk::data {

/// Writes a session log as closed, hashed segments `<folder>/NNNNN.h5`: what was logged
/// before a crash or a full disk stays readable. Segments are written while the next
/// one is gathered; that one could not be written is said by every call that has to
/// wait for it, at the latest by `flush` or `close`, and none is written after it. Each
/// segment has the tables `slates`, `impressions` and `events` (session_rows.hpp) and,
/// so that it can be read alone, the tables `policies` and `queries`. No slate is cut
/// in two.
class session_log_writer {
public:
  /// Creates the folder. Throws `error` if it holds segments already.
  session_log_writer(std::string folder,
                     core::session_log_tables tables,
                     std::size_t records_per_segment = default_segment);

  /// Goes on with a log that broke off, after its first `segments`, which are read for
  /// the digest; later ones are removed. Throws `error` if one is missing or damaged.
  static session_log_writer
  continued(std::string folder,
            core::session_log_tables tables,
            std::uint32_t segments,
            std::size_t records_per_segment = default_segment);

  session_log_writer(const session_log_writer&) = delete;
  session_log_writer& operator=(const session_log_writer&) = delete;
  /// Drops what is buffered: call `close` to keep it.
  ~session_log_writer();

  /// Appends records in the order given. Throws `error` if a segment could not be
  /// written.
  void append(core::span<const core::session_record> records);

  /// Names a query and returns its number, the same for the same text.
  std::uint32_t number_of_query(const std::string& query);

  /// Writes what is buffered as a segment, if there is any: what was appended so far is
  /// on disk. The next record must not be of the same slate.
  void flush();

  /// Writes the last segment and returns the SHA-256 over all records, the same however
  /// they were cut into calls and segments. Nothing may be appended afterwards.
  std::string close();

  std::uint64_t num_records() const {
    return num_records_;
  }

  /// Records of these that are in no segment yet.
  std::uint64_t num_buffered() const {
    return rows_.num_records();
  }

  std::uint32_t num_segments() const {
    return num_segments_;
  }

private:
  static constexpr std::size_t default_segment = std::size_t{1} << 20;

  session_log_writer(std::string folder,
                     core::session_log_tables tables,
                     std::size_t records_per_segment,
                     std::uint32_t segments);

  void take_up_segment();
  /// Hands what is buffered to a thread that writes it.
  void write_segment();
  /// Returns when it is written, or throws why it is not.
  void finish_writing();

  std::string folder_;
  core::session_log_tables tables_;
  std::map<std::string, std::uint32_t> query_numbers_;
  std::size_t records_per_segment_;
  session_packer rows_; ///< of the next segment
  session_packer being_written_;
  session_digest digest_; ///< of the segments before it, when nothing is being written
  std::uint64_t num_records_ = 0;
  std::uint32_t num_segments_ = 0;
  bool closed_ = false;
  /// Of the last segment; says again and again why it is not there, so that none comes
  /// after it. Gone before what it writes.
  std::shared_future<void> writing_;
};

/// Counts the segments at the start of a log, at most so many, that are as they were
/// written.
std::uint32_t count_whole_segments(const std::string& folder, std::uint32_t most);

/// A session log in memory.
struct session_log {
  core::session_log_tables tables;
  std::vector<core::session_record> records;
};

/// Reads all segments. Throws `error` if there is none, if one is missing between
/// others, or if one is damaged (its hash is checked before HDF5 opens it).
session_log read_session_log(const std::string& folder);

/// Reads one segment after another, without holding more than one. The same failures,
/// each when its segment's turn comes.
void for_each_segment(const std::string& folder,
                      const std::function<void(const session_log&)>& visit);

/// Returns the SHA-256 over records in the order given.
std::string digest_of(core::span<const core::session_record> records);

} // namespace souk::data
