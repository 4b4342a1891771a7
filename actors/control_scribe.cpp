#include "actors/control_scribe.hpp"

#include "actors/bulk/refusal_log.hpp"

#include <caf/io/network/interfaces.hpp>
#include <sys/socket.h>

#include <algorithm>

namespace souk::actors {

using caf::io::network::rw_state;
using progress = bulk::secure_link::progress;

namespace {

/// What one record of TLS holds.
constexpr std::size_t read_bytes = 16'384;

/// Room that is kept for the next message.
constexpr std::size_t kept_bytes = std::size_t{1} << 20;

/// Of all connections of this process.
bulk::refusal_log& refused_peers() {
  static bulk::refusal_log log{bulk::conversation::control};
  return log;
}

} // namespace

rw_state secure_policy::read_some(std::size_t& bytes,
                                  caf::io::network::native_socket,
                                  void* into,
                                  std::size_t bytes_max) {
  const auto end = link_->read_some(into, bytes_max);
  bytes = end.bytes;
  if (end.how == progress::broken)
    return rw_state::failure;
  return end.how == progress::done ? rw_state::success : rw_state::indeterminate;
}

rw_state secure_policy::write_some(std::size_t& bytes,
                                   caf::io::network::native_socket,
                                   const void* from,
                                   std::size_t bytes_max) {
  bytes = 0;
  // CAF takes `indeterminate` for the end of what was to be written.
  if (bytes_max == 0)
    return rw_state::indeterminate;
  const auto end = link_->write_some(from, bytes_max);
  bytes = end.bytes;
  return end.how == progress::broken ? rw_state::failure : rw_state::success;
}

control_scribe::control_scribe(caf::io::network::default_multiplexer& multiplexer,
                               int socket,
                               std::shared_ptr<bulk::secure_link> link,
                               bool has_accepted)
  : scribe{caf::io::network::conn_hdl_from_socket(socket)}, frames_{has_accepted},
    stream_{multiplexer, socket, std::move(link)} {
  // nop
}

void control_scribe::configure_read(caf::io::receive_policy::config) {
  if (is_reading_)
    return;
  is_reading_ = true;
  stream_.configure_read(caf::io::receive_policy::at_most(read_bytes));
  stream_.start(this);
}

void control_scribe::ack_writes(bool enable) {
  stream_.ack_writes(enable);
}

std::vector<char>& control_scribe::wr_buf() {
  return stream_.wr_buf();
}

std::vector<char>& control_scribe::rd_buf() {
  return part_;
}

void control_scribe::flush() {
  stream_.flush(this);
}

bool control_scribe::consume(caf::execution_unit* context,
                             const void* bytes,
                             std::size_t size) {
  const auto* next = static_cast<const char*>(bytes);
  const auto* const end = next + size;
  while (next != end) {
    const auto missing = frames_.wanted() - part_.size();
    const auto now = std::min(missing, static_cast<std::size_t>(end - next));
    part_.insert(part_.end(), next, next + now);
    next += now;
    if (now == missing && !take_part(context))
      return false;
  }
  return true;
}

/// Gives the broker a header or a payload. It may end the connection.
bool control_scribe::take_part(caf::execution_unit* context) {
  if (const auto wrong = frames_.take(part_); !wrong.empty()) {
    refused_peers().note(addr(), "it sent " + wrong);
    ::shutdown(stream_.fd(), SHUT_RDWR);
    io_failure(context, caf::io::network::operation::read);
    return false;
  }
  if (!scribe::consume(context, part_.data(), part_.size()))
    return false;
  part_.clear();
  if (part_.capacity() > kept_bytes)
    part_.shrink_to_fit();
  return true;
}

void control_scribe::graceful_shutdown() {
  stream_.graceful_shutdown();
  detach(&stream_.backend(), /*invoke_disconnect_message=*/false);
}

std::string control_scribe::addr() const {
  const auto address = caf::io::network::remote_addr_of_fd(stream_.fd());
  return address ? *address : "";
}

std::uint16_t control_scribe::port() const {
  const auto port = caf::io::network::remote_port_of_fd(stream_.fd());
  return port ? *port : std::uint16_t{0};
}

void control_scribe::add_to_loop() {
  stream_.activate(this);
}

void control_scribe::remove_from_loop() {
  stream_.passivate();
}

} // namespace souk::actors
