#include "actors/gate.hpp"

#include "core/platform.hpp"
#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;
using Catch::Matchers::Contains;

namespace {

join_run arrival_from(const std::string& host) {
  return {core::souk_version(), 99, {}, {host, 7401, {}}};
}

} // namespace

SCENARIO("the gate lets in who may take part", "[actors][gate]") {
  still_system system;
  const auto arrived = std::make_shared<actors::arrivals>();
  GIVEN("a gate for the nodes of a cluster") {
    const gate_actor gate = (*system).spawn(
      actors::gate, arrived, std::vector<std::string>{"10.0.0.2", "10.0.0.3"});
    THEN("a named one has arrived") {
      const auto answer = system.ask<node_done>(gate, arrival_from("10.0.0.3"));
      CHECK(std::holds_alternative<node_done>(answer));
      const auto came = arrived->take();
      REQUIRE(came.size() == 1);
      CHECK(came[0].bulk.host == "10.0.0.3");
      CHECK(arrived->take().empty());
    }
    THEN("one of another version is refused") {
      auto old = arrival_from("10.0.0.2");
      old.version = "0.0.1";
      const auto answer = system.ask<node_done>(gate, old);
      REQUIRE(std::holds_alternative<caf::error>(answer));
      CHECK(std::get<caf::error>(answer) == core::errc::incompatible_node);
      CHECK(arrived->take().empty());
    }
    THEN("one that nobody named is refused, but may be named by the next run") {
      const auto answer = system.ask<node_done>(gate, arrival_from("10.0.0.4"));
      CHECK(std::get<caf::error>(answer) == core::errc::failed);
      CHECK(arrived->take().empty());
    }
    system.stop(gate);
  }
}

TEST_CASE("whoever is refused hears why and what to do", "[actors][gate]") {
  auto old = arrival_from("10.0.0.2");
  old.version = "0.0.1";
  CHECK_THAT(actors::reason_to_refuse(old, {}).reason,
             Contains("0.0.1") && Contains(core::souk_version())
               && Contains("install the same version"));
  CHECK_THAT(actors::reason_to_refuse(arrival_from("10.0.0.4"), {"10.0.0.2"}).reason,
             Contains("10.0.0.4") && Contains("add it"));
  CHECK(actors::reason_to_refuse(arrival_from("10.0.0.4"), {}).code
        == core::errc::none);
}
