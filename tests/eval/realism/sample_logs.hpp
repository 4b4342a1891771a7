#pragma once

#include "eval/realism/behaviour.hpp"

#include <cstdint>

namespace souk::eval::realism {

/// What the users of a made-up shop are like.
struct sample_shop {
  std::uint64_t seed = 1;
  std::uint32_t users = 400;
  double events_per_session = 4; ///< mean
  double sessions_per_user = 3;  ///< mean
  double busiest_hour = 12;      ///< sessions start within six hours from it
  double exponent = 1;           ///< of items' popularity
};

/// Makes a log of purchases, each user's sessions on different days.
behaviour sample_log(const sample_shop& shop);

/// One purchase.
core::event purchase(core::user_id user, core::item_id item, core::time_ms time);

} // namespace souk::eval::realism
