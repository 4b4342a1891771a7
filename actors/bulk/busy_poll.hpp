#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>

namespace souk::actors::bulk {

/// Keeps an io thread from sleeping while the rest of a tensor is on its way: to be
/// woken for each piece takes a virtual machine longer than the piece does
/// (docs/performance.md). Belongs to that thread.
class busy_poll : public std::enable_shared_from_this<busy_poll> {
public:
  explicit busy_poll(boost::asio::io_context& io);

  /// Looks at the sockets without sleeping for so long from now on.
  void go_on_for(std::chrono::microseconds moment);

  /// Sleeps again, now and from now on.
  void end();

private:
  using clock = std::chrono::steady_clock;

  void look_again();

  boost::asio::io_context& io_;
  clock::time_point until_{};
  bool is_looking_ = false;
  bool has_ended_ = false;
};

} // namespace souk::actors::bulk
