#pragma once

#include "actors/bulk/secure_link.hpp"
#include "actors/control_frames.hpp"

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/io/scribe.hpp>

#include <memory>
#include <vector>

namespace souk::actors {

/// How CAF's stream moves bytes over a secure link.
class secure_policy {
public:
  explicit secure_policy(std::shared_ptr<bulk::secure_link> link)
    : link_{std::move(link)} {
    // nop
  }

  caf::io::network::rw_state read_some(std::size_t& bytes,
                                       caf::io::network::native_socket,
                                       void* into,
                                       std::size_t);

  caf::io::network::rw_state write_some(std::size_t& bytes,
                                        caf::io::network::native_socket,
                                        const void* from,
                                        std::size_t);

  bool must_read_more(caf::io::network::native_socket, std::size_t) const {
    return link_->has_pending();
  }

private:
  std::shared_ptr<bulk::secure_link> link_;
};

/// One connection of the control channel, whose peer has shown who it is. Puts messages
/// together as their bytes come, so that a length alone allocates nothing, and ends the
/// connection at the first that `control_frames` refuses.
class control_scribe : public caf::io::scribe {
public:
  control_scribe(caf::io::network::default_multiplexer& multiplexer,
                 int socket,
                 std::shared_ptr<bulk::secure_link> link,
                 bool has_accepted);

  // What the broker wants next is what `control_frames` says comes next.
  void configure_read(caf::io::receive_policy::config) override;
  void ack_writes(bool enable) override;
  std::vector<char>& wr_buf() override;
  std::vector<char>& rd_buf() override;
  void flush() override;
  bool consume(caf::execution_unit* context, const void* bytes, std::size_t) override;
  void graceful_shutdown() override;
  std::string addr() const override;
  std::uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

private:
  bool take_part(caf::execution_unit* context);

  control_frames frames_;
  std::vector<char> part_; ///< of a message, as far as it came
  caf::io::network::stream_impl<secure_policy> stream_;
  bool is_reading_ = false;
};

} // namespace souk::actors
