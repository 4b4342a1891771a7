#include "experiments/environment/line_channel.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace souk::experiments {

line_channel::line_channel(descriptor socket, std::size_t longest)
  : socket_{std::move(socket)}, longest_{longest} {
  // nop
}

received line_channel::read(std::string& line) {
  constexpr std::size_t piece = 64 * 1024;
  auto is_too_long = false;
  while (true) {
    const auto end = pending_.find('\n', looked_);
    if (end != std::string::npos) {
      is_too_long = is_too_long || end > longest_;
      line.assign(pending_, 0, is_too_long ? 0 : end);
      pending_.erase(0, end + 1);
      looked_ = 0;
      return is_too_long ? received::too_long : received::line;
    }
    if (pending_.size() > longest_) {
      is_too_long = true;
      pending_.clear();
    }
    looked_ = pending_.size();
    pending_.resize(looked_ + piece);
    const auto count = recv(socket_.number(), pending_.data() + looked_, piece, 0);
    pending_.resize(looked_ + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count == 0 || (count < 0 && errno != EINTR))
      return received::nothing;
  }
}

bool line_channel::write(std::string_view line) {
  return send_all(line) && send_all("\n");
}

bool line_channel::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    // Nobody may be there any more, which is no reason to die of SIGPIPE.
    const auto count = send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void line_channel::hang_up() {
  shutdown(socket_.number(), SHUT_RDWR);
}

} // namespace souk::experiments
