#pragma once

#include "actors/bulk/buffer_pool.hpp"
#include "actors/bulk/busy_poll.hpp"
#include "actors/bulk/byte_stream.hpp"
#include "actors/bulk/frames.hpp"
#include "actors/bulk/transport.hpp"
#include "actors/bulk/turn_executor.hpp"
#include "actors/bulk/watchdog.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors::bulk {

/// A tensor on its way into this process, and everybody who waits for it.
struct transfer {
  core::tensor_ticket ticket;
  std::vector<transport::when_ended> waiting;
  bool only_tcp = false; ///< shared memory was tried
};

/// What became of a transfer on a channel.
struct channel_result {
  fetch_end end;
  payload arrived; ///< if it ended well
  /// If it did not: shared memory cannot be used, but TCP might, for this tensor or,
  /// where it could not even be connected to, for all of this process.
  bool use_stream = false;
  bool not_connected = false;
};

/// What all channels of a fetcher know.
struct channel_settings {
  /// Outlives what still names it. Whoever has its turn may use the fetcher and its
  /// channels.
  std::shared_ptr<io_in_turn> io;
  std::shared_ptr<busy_poll> polling; ///< of its thread
  std::shared_ptr<buffer_pool> buffers;
  std::shared_ptr<const tls_context> encryption; ///< null: none
  std::string from; ///< numeric address of connections; empty: any
  secret_token secret{};
  std::chrono::milliseconds stall_timeout{};
  std::uint64_t window_bytes = 0;
  std::function<void(const std::shared_ptr<transfer>&, channel_result)> ended;
};

/// The fetcher's end of a connection to one process. Asks for as much as the window
/// allows, and receives into memory that is not copied again. When the connection
/// breaks, all that waits for it fails. Used by whoever has the settings' turn.
class channel : public std::enable_shared_from_this<channel> {
public:
  channel(std::shared_ptr<const channel_settings> settings, bulk_way way);

  /// Connects; what is fetched meanwhile waits for it.
  void open(const core::bulk_address& address);

  void fetch(std::shared_ptr<transfer> wanted);

  /// Ends the connection; nothing may be fetched any more.
  void close(core::errc code, const std::string& reason);

  bool is_open() const {
    return state_ == state::open;
  }

  bool is_closed() const {
    return state_ == state::closed;
  }

private:
  using segment_pointer = std::shared_ptr<const core::shared_segment>;

  enum class state { opening, open, closed };

  void connect_tcp(const core::bulk_address& address);
  void connect_local(const core::bulk_address& address);
  void introduce();
  void ask();
  void write();
  void note_sent(std::size_t bytes);
  void read_reply();
  void take(const reply& answer);
  void take_bytes(const reply& answer);
  void read_bytes(std::shared_ptr<std::uint8_t> bytes, std::uint64_t received);
  void take_piece(const reply& shown);
  void take_segment(const reply& answer);
  payload view(const reply& answer, const segment_pointer& segment);
  template <class Read>
  void finish_with(Read read);
  void give_back(std::uint64_t segment);
  void finish(channel_result result);
  void end_unheard(const std::shared_ptr<transfer>& lost);
  void fail_connection(const boost::system::error_code& failed);

  std::shared_ptr<const channel_settings> settings_;
  const bulk_way way_;
  state state_ = state::opening;
  bool never_open_ = true;
  fetch_end why_closed_;
  std::shared_ptr<asio::ip::tcp::socket> connecting_;
  std::shared_ptr<byte_stream> stream_;
  watchdog silence_;

  std::deque<std::shared_ptr<transfer>> waiting_;
  std::deque<std::shared_ptr<transfer>> asked_; ///< replies come in this order
  std::uint64_t asked_bytes_ = 0;
  std::uint64_t first_number_ = 0; ///< of the oldest that was asked for

  hello_frame hello_{};
  std::vector<std::uint8_t> to_send_;
  std::vector<std::uint8_t> sending_;
  std::vector<encoding::piece> pieces_;
  reply_frame reply_{};
  std::map<std::uint64_t, segment_pointer> segments_;
  std::map<std::uint64_t, segment_pointer> memory_; ///< of the owner, by piece
};

} // namespace souk::actors::bulk
