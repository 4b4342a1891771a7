#pragma once

#include "core/event.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::core {

/// How a logged propensity was obtained.
enum class propensity_kind : std::uint8_t { none = 0, exact = 1, estimated = 2 };

/// One row of the session log: an impression or an event of a synthetic user.
struct session_record {
  time_ms time = 0;
  user_id user = no_user;
  std::uint32_t session = 0; ///< counts the user's sessions from 0
  std::uint32_t step = 0;    ///< counts the user's records from 0
  item_id item = no_item;
  std::uint32_t slate = 0;        ///< counts the user's slates from 0
  std::uint32_t query = no_query; ///< number in the log's table of queries
  float price = 0;                ///< per unit, when it happened
  float propensity = 0;           ///< of this item given the ones above it
  std::uint16_t position = 0;     ///< in the slate, from 0
  std::uint16_t policy = 0;       ///< number in the log's table of policies
  std::uint16_t world = 0;        ///< replicate world
  event_kind kind = event_kind::impression;
  propensity_kind propensity_is = propensity_kind::none;

  static constexpr std::uint32_t no_query = 0xFFFFFFFFU;
};

/// Names behind the numbers in a log.
struct session_log_tables {
  std::vector<std::string> policies;
  std::vector<std::string> queries;
};

} // namespace souk::core
