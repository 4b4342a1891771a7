#pragma once

#include "actors/bulk/byte_stream.hpp"
#include "actors/bulk/exchange.hpp"
#include "actors/bulk/frames.hpp"
#include "actors/bulk/security.hpp"
#include "actors/bulk/segment_pool.hpp"
#include "actors/bulk/shared_payload.hpp"
#include "actors/bulk/waiting_room.hpp"
#include "actors/bulk/watchdog.hpp"

#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace souk::actors::bulk {

/// What all sessions of an owner know.
struct session_settings {
  std::shared_ptr<exchange> tensors;
  secret_token secret{};
  std::chrono::milliseconds stall_timeout{};
  std::uint64_t shared_bytes_max = 0;
  std::shared_ptr<refusal_log> refused =
    std::make_shared<refusal_log>(conversation::bulk);
};

/// The owner's end of a connection: lets a fetcher in, then answers its requests in
/// order. Anything malformed ends this connection and nothing else. Keeps itself alive
/// while the connection lasts.
class session : public std::enable_shared_from_this<session> {
public:
  session(asio::io_context& io,
          std::shared_ptr<byte_stream> stream,
          bulk_way way,
          std::string peer,
          std::shared_ptr<const session_settings> settings);

  /// Begins; the fetcher waits in this room until it was let in.
  void start(waiting_room& room);

private:
  /// A frame on its way out, with a tensor's bytes behind it perhaps.
  struct outgoing {
    reply_frame frame{};
    std::size_t frame_sent = 0;
    std::shared_ptr<const payload> numbers; ///< keeps the bytes alive
    std::unique_ptr<encoding> bytes;
    int descriptor_number = -1;
    std::shared_ptr<const core::shareable_piece> piece; ///< whose descriptor it is
  };

  /// Requests that wait before no more are read.
  static constexpr std::size_t waiting_max = 64;
  /// Fewer at a time, and the fetcher falls asleep between them.
  static constexpr std::uint64_t bytes_per_write = std::uint64_t{1024} << 10;

  void read_hello();
  void refuse_to_enter(const std::string& why);
  void read_request();
  void take_request_bytes(std::size_t bytes);
  bool accept(const request& wish);
  void answer_next();
  void answer(const request& wish);
  void answer_in_memory(reply answer, std::shared_ptr<const payload> numbers);
  void show_pieces(const shared_layout& layout);
  void forget_freed_pieces();
  void refuse(reply answer, reply_status why);
  void send(const reply& answer, outgoing rest);
  void write();
  bool note_sent(std::size_t bytes);
  void close();

  std::shared_ptr<byte_stream> stream_;
  const bulk_way way_;
  const std::string peer_; ///< its address
  std::shared_ptr<const session_settings> settings_;
  waiting_room::seat seat_; ///< until it was let in
  watchdog greeting_;
  watchdog reading_;
  watchdog writing_;
  segment_pool segments_;
  /// What is read where it lies, by the segment that says so: kept until it comes back.
  std::map<std::uint64_t, std::shared_ptr<const payload>> lent_;
  /// Pieces of memory that the fetcher has.
  std::map<std::uint64_t, std::weak_ptr<const core::shareable_piece>> shown_;

  hello_frame hello_{};
  request_frame request_{};
  std::size_t request_bytes_ = 0; ///< of it that are there
  bool is_reading_ = false;
  std::deque<request> waiting_;
  std::deque<outgoing> sending_;
  std::vector<encoding::piece> pieces_;
};

} // namespace souk::actors::bulk
