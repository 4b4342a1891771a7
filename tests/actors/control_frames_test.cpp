#include "actors/control_frames.hpp"

#include <catch2/catch.hpp>

using souk::actors::control_frames;

namespace {

std::vector<char> header(char operation, std::uint32_t payload) {
  std::vector<char> bytes(control_frames::header_bytes);
  bytes[0] = operation;
  for (std::size_t i = 0; i < 4; ++i)
    bytes[4 + i] = static_cast<char>(payload >> (24 - 8 * i));
  return bytes;
}

} // namespace

SCENARIO("control frames follow a connection", "[actors][control]") {
  control_frames frames{/*has_accepted=*/true};
  CHECK(frames.wanted() == 32);
  CHECK(frames.take(header(1, 300)).empty());
  CHECK(frames.wanted() == 300);
  CHECK(frames.take(std::vector<char>(300)).empty());
  CHECK(frames.wanted() == 32);
  CHECK(frames.take(header(6, 0)).empty());
  CHECK(frames.wanted() == 32);
  CHECK(frames.take(header(2, 70'000)).empty());
  CHECK(frames.wanted() == 70'000);
}

SCENARIO("what CAF would die of is refused", "[actors][control]") {
  SECTION("a handshake without a payload") {
    CHECK_FALSE(control_frames{true}.take(header(1, 0)).empty());
    CHECK_FALSE(control_frames{false}.take(header(0, 0)).empty());
  }
  SECTION("a server's handshake from a client") {
    CHECK_FALSE(control_frames{true}.take(header(0, 100)).empty());
  }
  SECTION("anything before a handshake") {
    for (char operation = 2; operation < 7; ++operation)
      CHECK_FALSE(control_frames{true}.take(header(operation, 8)).empty());
  }
  SECTION("a client's handshake from a server") {
    CHECK_FALSE(control_frames{false}.take(header(1, 100)).empty());
  }
  control_frames frames{true};
  frames.take(header(1, 1));
  frames.take({'x'});
  SECTION("messages without a payload, heartbeats with one") {
    for (char operation = 1; operation < 6; ++operation)
      CHECK_FALSE(control_frames{frames}.take(header(operation, 0)).empty());
    CHECK_FALSE(frames.take(header(6, 1)).empty());
  }
  SECTION("messages that are said to be a stream's") {
    for (const char operation : {char{2}, char{3}}) {
      auto part = header(operation, 1);
      part[8] = 0x10; // a normal message
      CHECK(control_frames{frames}.take(part).empty());
      part[8] = 0x30;
      CHECK_FALSE(control_frames{frames}.take(part).empty());
    }
  }
  SECTION("unknown messages") {
    CHECK_FALSE(control_frames{frames}.take(header(7, 1)).empty());
    CHECK_FALSE(control_frames{frames}.take(header(-1, 1)).empty());
  }
  SECTION("lengths beyond what is allowed") {
    const auto most = static_cast<std::uint32_t>(control_frames::payload_bytes_max);
    CHECK(control_frames{frames}.take(header(2, most)).empty());
    CHECK_FALSE(control_frames{frames}.take(header(2, most + 1)).empty());
    CHECK_FALSE(frames.take(header(2, 0xFFFFFFFF)).empty());
  }
}
