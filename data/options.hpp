#pragma once

#include "core/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::data {

/// Which column of a `csv` source holds what. A column is named by its header or, where
/// the file has none, by its number, counted from 1. Empty: the source has no such
/// column.
struct csv_columns {
  std::string user;
  std::string item;
  std::string time;
  std::string value;
  /// Words such as "view", "addtocart" or "purchase". Without this column, rows are
  /// ratings where a value column is named, else clicks.
  std::string event;
  std::string price;
  std::string delimiter = ","; ///< one or more characters; "\t" is a tab
  bool header = true;
};

/// The `data.source` block: where events come from. Plain or gzip files are told apart
/// by their first bytes.
struct source_options {
  /// atomic | movielens | retailrocket | online_retail | sessions | csv | given_split |
  /// dataset
  std::string kind = "movielens";
  /// A file, or a folder that holds files of the kind's usual names.
  std::string path;
  csv_columns columns; ///< `csv` only
  /// `csv` only: automatic | seconds | milliseconds | iso | day_month_year |
  /// month_day_year. `automatic` reads plain numbers below 1e11 as seconds, others as
  /// milliseconds, and everything with a dash as ISO 8601.
  std::string time_format = "automatic";
  /// `given_split` only: a folder with the raw source, whose users' and items'
  /// attributes are joined by original id; empty for none.
  std::string attributes;
};

/// The kinds of events that say "this user wanted this item".
inline std::vector<core::event_kind> default_positives() {
  return {core::event_kind::click, core::event_kind::cart, core::event_kind::purchase,
          core::event_kind::rating};
}

/// The `data.clean` block. Sources that come split are never cleaned: their split is
/// what they are.
struct clean_options {
  /// Ratings up to this value are dropped; other kinds of events pass.
  double positive_above = 3.5;
  /// A user stays with at least this many distinct items among positive events, ...
  std::uint32_t min_user_events = 5;
  /// ... an item with at least this many distinct users. Both are applied in turn,
  /// users first, until neither drops anyone (the k-core). Whoever goes takes all their
  /// events along.
  std::uint32_t min_item_users = 1;
  /// Drops events that repeat an earlier one of the source in user, item, kind, time,
  /// value and price.
  bool drop_duplicates = true;
  /// Up to this many unreadable rows go to the quarantine file; the next is an error.
  std::uint64_t bad_rows_allow = 0;
  std::vector<core::event_kind> positives = default_positives();
};

/// The `data.pseudonymise` block.
struct pseudonym_options {
  /// Users are renamed to HMAC-SHA-256 under this file's bytes (a final line end does
  /// not count). At least 16 bytes. Empty: names stay.
  std::string key_file;
};

/// The `data.split` block.
struct split_options {
  /// strong_generalisation | leave_one_out | by_time | given
  std::string kind = "strong_generalisation";
  /// strong_generalisation: test users, and as many again for validation.
  std::uint32_t held_out_users = 500;
  /// strong_generalisation: the share of a held-out user's items that a model may see.
  double fold_in = 0.8;
  /// by_time: the quantiles of all positive events' times at which training ends, ...
  double train_until = 0.8;
  /// ... and at which validation ends and testing begins.
  double validate_until = 0.9;
  /// What is drawn, is drawn from; nothing: the run's. Runs of other seeds can have the
  /// same split.
  std::optional<std::uint64_t> seed;
  std::vector<core::event_kind> positives = default_positives();
};

} // namespace souk::data
