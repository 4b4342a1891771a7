#include "actors/repeatable_log.hpp"

#include <catch2/catch.hpp>

using namespace souk;

namespace {

struct remembering_market : actors::market_observer {
  std::vector<std::uint32_t> users;

  void log(core::span<core::session_record> records) override {
    for (const auto& record : records)
      users.push_back(record.user);
  }

  void passed(core::time_ms) override {
    // nop
  }

  void learn(std::uint32_t, const core::user_rows&) override {
    // nop
  }
};

/// Logs what users from `first` on did, a record each.
void log_users(actors::repeatable_log& log, std::uint32_t first, std::uint32_t count) {
  std::vector<core::session_record> records(count);
  for (std::uint32_t i = 0; i < count; ++i)
    records[i].user = first + i;
  log.log(records);
}

} // namespace

TEST_CASE("a market that begins again is logged once", "[actors][repeatable_log]") {
  remembering_market seen;
  actors::repeatable_log log{seen};
  for (const auto users : {2U, 1U, 4U}) { // broken off twice, the second time earlier
    log.begin();
    for (std::uint32_t user = 0; user < users; ++user)
      log_users(log, user, 1);
  }
  CHECK(seen.users == std::vector<std::uint32_t>{0, 1, 2, 3});
  log.begin();
  log_users(log, 0, 3); // however it is cut
  log_users(log, 3, 3);
  CHECK(seen.users == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5});
}
