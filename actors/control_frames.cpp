#include "actors/control_frames.hpp"

namespace souk::actors {

namespace {

// BASP's operations. Both ends begin with their handshake.
constexpr std::uint8_t server_handshake = 0;
constexpr std::uint8_t client_handshake = 1;
constexpr std::uint8_t direct_message = 2;
constexpr std::uint8_t routed_message = 3;
constexpr std::uint8_t heartbeat = 6;

constexpr std::size_t length_offset = 4;
constexpr std::size_t length_bytes = 4;

// The operation's data, of a message its id. One bit of it says that an actor shall
// take the content for a stream's without a look.
constexpr std::size_t data_offset = 8;
constexpr unsigned stream_bit = 0x20;

/// Numbers are big-endian.
std::size_t length_in(const std::vector<char>& header) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length = length << 8U | static_cast<unsigned char>(header[length_offset + i]);
  return length;
}

} // namespace

std::string control_frames::take(const std::vector<char>& part) {
  if (expects_payload_) {
    expects_payload_ = false;
    wanted_ = header_bytes;
    return {};
  }
  const auto payload = length_in(part);
  auto wrong =
    take_header(static_cast<std::uint8_t>(part[0]), payload,
                (static_cast<unsigned char>(part[data_offset]) & stream_bit) != 0);
  is_first_ = false;
  expects_payload_ = payload > 0;
  if (expects_payload_)
    wanted_ = payload;
  return wrong;
}

std::string control_frames::take_header(std::uint8_t operation,
                                        std::size_t payload,
                                        bool is_part_of_stream) {
  if (operation > heartbeat)
    return "a malformed message";
  // A client may introduce itself again, to choose among connections; a server may not.
  const auto is_in_turn =
    has_accepted_
      ? (is_first_ ? operation == client_handshake : operation != server_handshake)
      : (is_first_ ? operation == server_handshake : operation > client_handshake);
  if (!is_in_turn)
    return "a message out of turn";
  // CAF reads payloads without asking whether there is one.
  if ((operation == heartbeat) != (payload == 0))
    return "a malformed message";
  if (is_part_of_stream && (operation == direct_message || operation == routed_message))
    return "a message of a stream";
  if (payload > payload_bytes_max)
    return "a message of " + std::to_string(payload) + " bytes, longer than allowed";
  return {};
}

} // namespace souk::actors
