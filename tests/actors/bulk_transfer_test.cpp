#include "actors/bulk_transfer.hpp"

#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

/// A process whose transport does what the test says. How transports fetch is tested
/// with them (bulk/).
struct process {
  still_system system;
  std::shared_ptr<actors::bulk::exchange> exchange =
    std::make_shared<actors::bulk::exchange>();
  std::vector<actors::bulk::transport::when_ended> fetches;
  bulk_actor bulk = (*system).spawn(
    actors::bulk_transfer,
    exchange,
    [this](const core::tensor_ticket&, actors::bulk::transport::when_ended ended) {
      fetches.push_back(std::move(ended));
    });
  caf::scoped_actor self{*system};

  ~process() {
    fetches.clear();
    system.stop(bulk);
  }

  /// Asks for a tensor; the transport answers as it is told, then the actor does.
  caf::error answer_to(const core::tensor_ticket& ticket,
                       const actors::bulk::fetch_end& end) {
    auto pending = self->request(bulk, caf::infinite, fetch_tensor{ticket});
    system.settle();
    REQUIRE(fetches.size() == 1);
    fetches.front()(end);
    system.settle();
    caf::error failed;
    pending.receive([](const tensor_arrived&) {},
                    [&](caf::error& reason) { failed = std::move(reason); });
    return failed;
  }
};

core::tensor_ticket some_ticket() {
  core::tensor_ticket ticket;
  ticket.run = 1;
  ticket.length = 8;
  return ticket;
}

} // namespace

SCENARIO("a bulk actor answers when its transport is done", "[actors][bulk]") {
  process here;
  CHECK_FALSE(here.answer_to(some_ticket(), {}));
}

SCENARIO("a bulk actor says why a tensor cannot be had", "[actors][bulk]") {
  process here;
  const auto failed =
    here.answer_to(some_ticket(), {core::errc::corrupt_payload, "a reason"});
  CHECK(failed == core::errc::corrupt_payload);
}

SCENARIO("a bulk actor remembers whom it could not reach until it is asked",
         "[actors][bulk]") {
  process here;
  auto ticket = some_ticket();
  ticket.process = 3;
  here.answer_to(ticket, {core::errc::failed, "no answer"});
  const auto ask = [&] {
    return std::get<unreachable_processes>(
      here.system.ask<unreachable_processes>(here.bulk, get_unreachable{}));
  };
  CHECK(ask().processes == std::vector<std::uint32_t>{3});
  CHECK(ask().processes.empty());
  SECTION("a refusal is no silence") {
    here.fetches.clear();
    here.answer_to(ticket, {core::errc::unknown_ticket, "withdrawn"});
    CHECK(ask().processes.empty());
  }
}

SCENARIO("a bulk actor fetches nothing that is there", "[actors][bulk]") {
  process here;
  const auto ticket = here.exchange->offer(some_ticket(), {}, nullptr);
  const auto reply = here.system.ask<tensor_arrived>(here.bulk, fetch_tensor{ticket});
  CHECK(std::holds_alternative<tensor_arrived>(reply));
  CHECK(here.fetches.empty());
}

SCENARIO("without a transport nobody offers anything", "[actors][bulk]") {
  still_system system;
  const bulk_actor alone =
    (*system).spawn(actors::bulk_transfer, std::make_shared<actors::bulk::exchange>(),
                    actors::fetching_with(nullptr));
  const auto reply = system.ask<tensor_arrived>(alone, fetch_tensor{some_ticket()});
  REQUIRE(std::holds_alternative<caf::error>(reply));
  CHECK(std::get<caf::error>(reply) == core::errc::unknown_ticket);
  system.stop(alone);
}
