#include "tests/eval/realism/sample_logs.hpp"

#include "core/random.hpp"

#include <cmath>

namespace souk::eval::realism {

namespace {

constexpr std::uint32_t num_items = 200;
constexpr core::time_ms between_sessions = 2 * core::day_ms;

/// A geometric number of at least 1 with this mean.
std::uint32_t geometric(double mean, double draw) {
  return 1 + static_cast<std::uint32_t>(std::log(1 - draw) / std::log(1 - 1 / mean));
}

} // namespace

core::event purchase(core::user_id user, core::item_id item, core::time_ms time) {
  return {user, item, time, 1, 1, core::event_kind::purchase};
}

behaviour sample_log(const sample_shop& shop) {
  behaviour log;
  log.has_times = true;
  for (core::user_id user = 0; user < shop.users; ++user) {
    const core::draw_site site{shop.seed, core::stream::synthetic_data, user, 0};
    std::uint32_t next = 0;
    const auto sessions =
      geometric(shop.sessions_per_user, core::uniform(site, next++));
    for (std::uint32_t session = 0; session < sessions; ++session) {
      auto time =
        session * between_sessions
        + static_cast<core::time_ms>(
          (shop.busiest_hour + 6 * core::uniform(site, next++)) * core::hour_ms);
      const auto events =
        geometric(shop.events_per_session, core::uniform(site, next++));
      for (std::uint32_t i = 0; i < events; ++i, time += core::minute_ms) {
        const auto place = std::pow(core::uniform(site, next++), 1 + shop.exponent);
        log.events.push_back(
          purchase(user, static_cast<core::item_id>(place * num_items), time));
      }
    }
  }
  return log;
}

} // namespace souk::eval::realism
