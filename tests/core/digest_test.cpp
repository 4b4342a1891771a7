#include "core/digest.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("digests are SHA-256", "[core][digest]") {
  CHECK(sha256_of("abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of("")
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("keyed digests are HMAC-SHA-256", "[core][digest]") {
  // RFC 4231, test case 2.
  CHECK(hmac_sha256("Jefe", "what do ya want for nothing?")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("strings are fed with their lengths, so they cannot flow together",
          "[core][digest]") {
  digest one;
  one.feed(std::string_view{"ab"});
  one.feed(std::string_view{"c"});
  digest other;
  other.feed(std::string_view{"a"});
  other.feed(std::string_view{"bc"});
  CHECK(one.finish() != other.finish());
}

TEST_CASE("a file that cannot be read is named", "[core][digest]") {
  CHECK_THROWS_WITH(sha256_of_file("no/such/file"), Catch::Contains("no/such/file"));
}
