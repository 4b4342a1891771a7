#include "actors/repeatable_log.hpp"

#include <catch2/catch.hpp>

using namespace souk;

namespace {

struct remembering_market : actors::market_observer {
  std::vector<std::uint32_t> users;

  void log(std::vector<core::session_record>& records) override {
    for (const auto& record : records)
      users.push_back(record.user);
  }

  void passed(core::time_ms) override {
    // nop
  }
};

/// A tick in which one user did something.
void log_user(actors::repeatable_log& log, std::uint32_t user) {
  std::vector<core::session_record> records(1);
  records[0].user = user;
  log.log(records);
}

} // namespace

TEST_CASE("a market that begins again is logged once", "[actors][repeatable_log]") {
  remembering_market seen;
  actors::repeatable_log log{seen};
  for (const auto ticks : {2U, 1U, 4U}) { // broken off twice, the second time earlier
    log.begin();
    for (std::uint32_t user = 0; user < ticks; ++user)
      log_user(log, user);
  }
  CHECK(seen.users == std::vector<std::uint32_t>{0, 1, 2, 3});
}
