#pragma once

#include "core/tensor_ticket.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace souk::actors::bulk {

// fetcher                                          owner
//    | hello {magic, version, secret, way}           |  anything wrong: closes
//    |---------------------------------------------->|
//    |<------------------------------ welcome -------|
//    | fetch {number, ticket}, as many as fit        |
//    |---------------------------------------------->|
//    |<-- reply {number, status, length}, bytes, ----|  in the order of the requests
//    |                                               |
//    | over a Unix socket bytes stay where they lie, |
//    | in pieces of the owner's memory; a segment    |
//    | says where (shared_payload.hpp):              |
//    |<-- piece {piece, length}, its descriptor -----|  before it is named first
//    |<-- reply {number, segment}, its descriptor ---|  the latter once per segment
//    | give_back {segment}                           |  when all was read
//    |---------------------------------------------->|
//    |<-- retired {segment}, freed {piece} ----------|  it will not be used again

/// 32 random bytes that the processes of a run share.
using secret_token = std::array<std::uint8_t, 32>;

constexpr std::uint16_t frame_version = 5;

/// How the bytes travel over a connection.
enum class bulk_way : std::uint8_t { stream, shared_memory };

/// First words of a fetcher.
struct hello {
  secret_token secret{};
  bulk_way way = bulk_way::stream;
};

enum class request_kind : std::uint8_t { fetch, give_back };

/// What a fetcher wants.
struct request {
  request_kind kind = request_kind::fetch;
  std::uint64_t number = 0; ///< of the fetch, or of the segment
  core::tensor_ticket ticket;
};

enum class reply_status : std::uint8_t {
  welcome,        ///< the hello was accepted
  bytes,          ///< `length` bytes follow
  old_segment,    ///< a segment whose descriptor was sent before says where they lie
  new_segment,    ///< the same, and the descriptor comes with this frame
  retired,        ///< a segment will not be used again
  piece,          ///< `length` bytes of the owner's memory, and their descriptor
  freed,          ///< a piece's memory means nothing any more
  unknown_ticket, ///< not offered (any more)
  too_large,      ///< longer than allowed
  use_stream,     ///< no shared memory can be had: fetch over TCP
};

/// What an owner answers.
struct reply {
  reply_status status = reply_status::welcome;
  std::uint64_t number = 0;  ///< of the fetch
  std::uint64_t length = 0;  ///< of the tensor, bytes
  std::uint64_t segment = 0; ///< or piece
};

// Frames have fixed sizes; all numbers are little-endian.
using hello_frame = std::array<std::uint8_t, 40>;
using request_frame = std::array<std::uint8_t, 64>;
using reply_frame = std::array<std::uint8_t, 32>;

hello_frame encode(const hello& words);
request_frame encode(const request& wish);
reply_frame encode(const reply& answer);

/// Reads a hello if its secret is this one, which is compared first and in constant
/// time; nothing also for another magic number or version.
std::optional<hello> decode_hello(const hello_frame& frame, const secret_token& secret);

/// Reads a frame; nothing if it is malformed.
std::optional<request> decode_request(const request_frame& frame);
std::optional<reply> decode_reply(const reply_frame& frame);

} // namespace souk::actors::bulk
