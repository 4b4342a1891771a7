#include "actors/bulk/busy_poll.hpp"

#include <boost/asio/post.hpp>

namespace souk::actors::bulk {

busy_poll::busy_poll(boost::asio::io_context& io) : io_{io} {
  // nop
}

void busy_poll::go_on_for(std::chrono::microseconds moment) {
  until_ = clock::now() + moment;
  if (!is_looking_ && !has_ended_)
    look_again();
}

void busy_poll::end() {
  has_ended_ = true;
}

/// While a handler waits to be called, the io context looks at its sockets without
/// sleeping.
void busy_poll::look_again() {
  is_looking_ = true;
  boost::asio::post(io_, [self = shared_from_this()] {
    if (clock::now() < self->until_ && !self->has_ended_)
      self->look_again();
    else
      self->is_looking_ = false;
  });
}

} // namespace souk::actors::bulk
