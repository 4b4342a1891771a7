#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <memory>

namespace souk::actors::bulk {

/// Keeps an io thread from sleeping for a moment after a piece of a tensor came: to be
/// woken for the next takes some 25 us on a virtual machine, and there are eight pieces
/// in a megabyte (docs/performance.md). Belongs to that thread.
class alertness : public std::enable_shared_from_this<alertness> {
public:
  explicit alertness(boost::asio::io_context& io) : io_{io} {
    // nop
  }

  /// Stays awake for so long from now on.
  void renew(std::chrono::microseconds moment) {
    until_ = clock::now() + moment;
    if (!is_awake_)
      look_again();
  }

private:
  using clock = std::chrono::steady_clock;

  /// While a handler waits to be called, sockets are looked at without sleeping.
  void look_again() {
    is_awake_ = true;
    boost::asio::post(io_, [self = shared_from_this()] {
      if (clock::now() < self->until_)
        self->look_again();
      else
        self->is_awake_ = false;
    });
  }

  boost::asio::io_context& io_;
  clock::time_point until_{};
  bool is_awake_ = false;
};

} // namespace souk::actors::bulk
