#include "core/network_address.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("an address is a numeric host and a port", "[core][network_address]") {
  const auto v4 = parse_network_address("10.0.0.1:7400");
  REQUIRE(v4);
  CHECK(v4->host == "10.0.0.1");
  CHECK(v4->port == 7400);
  const auto v6 = parse_network_address("[fd00::1]:80");
  REQUIRE(v6);
  CHECK(v6->host == "fd00::1");
  CHECK(parse_network_address("[FD00:0:0::01]:80")->host == "fd00::1");
  CHECK(to_string(*v4) == "10.0.0.1:7400");
  CHECK(to_string(*v6) == "[fd00::1]:80");
}

TEST_CASE("what is no address is refused", "[core][network_address]") {
  const auto* text =
    GENERATE("", "10.0.0.1", "10.0.0.1:", ":7400", "10.0.0.1:70000", "10.0.0.1:7a",
             "10.0.0:1", "localhost:7400", "fd00::1:80", "[10.0.0.1]:80", "[fd00::1]",
             "10.0.0.1:-1", "1.2.3.4:5 ");
  CAPTURE(text);
  CHECK_FALSE(parse_network_address(text));
}
