#pragma once

#include "experiments/environment/descriptor.hpp"

#include <string>
#include <string_view>

namespace souk::experiments {

/// What arrived.
enum class received {
  line,
  too_long, ///< a line longer than the longest one; it was read over
  nothing,  ///< the other end is gone
};

/// Lines of text over a connected socket.
class line_channel {
public:
  /// Lines have at most `longest` bytes.
  line_channel(descriptor socket, std::size_t longest);

  /// Waits for the next line and puts it, without its newline, into `line`.
  received read(std::string& line);

  /// Sends a line and its newline; false if the other end is gone.
  bool write(std::string_view line);

  /// Ends both directions: whoever reads or writes finds the other end gone. May be
  /// called from another thread.
  void hang_up();

private:
  bool send_all(std::string_view bytes);

  descriptor socket_;
  std::size_t longest_;
  std::string pending_;    ///< arrived, and not read yet
  std::size_t looked_ = 0; ///< so much of it has no newline
};

} // namespace souk::experiments
