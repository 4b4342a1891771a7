#pragma once

#include "core/digest.hpp"
#include "core/session_record.hpp"
#include "core/span.hpp"
#include "data/hdf5_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// How session records are stored: a slate is one row and its impressions are short
/// ones, so that a log of mostly impressions is small, and quick to write and to hash.
namespace souk::data {

/// Table `slates`: what all impressions of a slate share, the number of the first one
/// in the whole log (`first`), and how many there are (`length`).
const hdf5::row_layout& slates_layout();

/// Table `impressions`: item, price and propensity of each, slate after slate, in the
/// order of positions.
const hdf5::row_layout& impressions_layout();

/// Table `events`: all other records, whole, in the log's order. They take the numbers
/// that slates leave free.
const hdf5::row_layout& events_layout();

/// Packs records, given in a log's order, into rows of the three tables. Impressions
/// that follow one another as a slate's do are a slate however they are cut into calls.
class session_packer {
public:
  void add(core::span<const core::session_record> records);

  /// Whether a record would be part of the slate added last.
  bool continues_slate(const core::session_record& record) const;

  /// Forgets the rows; the next record, which must not continue a slate, has that
  /// number in the whole log.
  void start_at(std::uint64_t record);

  core::span<const unsigned char> slates() const {
    return slates_;
  }

  core::span<const unsigned char> impressions() const {
    return impressions_;
  }

  core::span<const unsigned char> events() const {
    return events_;
  }

  /// Records in the rows, and before them.
  std::uint64_t num_records() const {
    return next_ - first_;
  }

  std::uint64_t first_record() const {
    return first_;
  }

  /// The number of the record that is added next.
  std::uint64_t next_record() const {
    return next_;
  }

private:
  void add_slate(const core::session_record& record);
  void add_impression(const core::session_record& record);
  void add_event(const core::session_record& record);

  std::vector<unsigned char> slates_;
  std::vector<unsigned char> impressions_;
  std::vector<unsigned char> events_;
  std::uint64_t first_ = 0; ///< number of the first record of the rows
  std::uint64_t next_ = 0;  ///< number of the next record
  core::session_record
    expected_; ///< next impression of the last slate, if there is one
  bool in_slate_ = false;
};

/// Rebuilds the records of one segment from rows of its tables.
class session_unpacker {
public:
  /// `first_record` is the number of the segment's first record.
  session_unpacker(std::string path, std::uint64_t first_record);

  void take_slates(std::size_t count, const unsigned char* rows);
  void take_impressions(std::size_t count, const unsigned char* rows);
  void take_events(std::size_t count, const unsigned char* rows);

  /// Returns all records in order. Throws `error` if the tables do not fit together.
  std::vector<core::session_record> finish();

private:
  struct stored_slate {
    core::session_record shared;
    std::uint64_t first;
    std::uint16_t length;
  };

  struct stored_impression {
    core::item_id item;
    float price;
    float propensity;
  };

  [[noreturn]] void refuse() const;

  std::string path_;
  std::uint64_t first_record_;
  std::vector<stored_slate> slates_;
  std::vector<stored_impression> impressions_;
  std::vector<core::session_record> events_;
};

/// SHA-256 over the rows of a log, however they are cut into segments.
class session_digest {
public:
  void feed(const session_packer& rows);

  /// Feeds rows of one table, as they are stored.
  void feed_slates(core::span<const unsigned char> rows);
  void feed_impressions(core::span<const unsigned char> rows);
  void feed_events(core::span<const unsigned char> rows);

  /// Returns the digest; nothing may be fed afterwards.
  std::string finish();

private:
  core::digest slates_;
  core::digest impressions_;
  core::digest events_;
};

} // namespace souk::data
