#pragma once

#include "experiments/environment/descriptor.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace souk::experiments {

/// A place where processes of this machine can connect.
class local_listener {
public:
  /// Listens at a path of the file system, for this user alone. A socket there that
  /// nobody serves any more is replaced. Throws `core::error` (of the request) for a
  /// path that is in use, is something else or is too long, and `core::error` where it
  /// cannot be made.
  static local_listener at_path(const std::string& path);

  /// Listens at a TCP port of 127.0.0.1; 0: any free one. Throws `core::error`.
  static local_listener at_port(std::uint16_t port);

  local_listener(local_listener&&) noexcept;
  local_listener(const local_listener&) = delete;
  local_listener& operator=(const local_listener&) = delete;

  /// Removes the path, if it is still this listener's.
  ~local_listener();

  /// Where it can be reached: the path, or "127.0.0.1:PORT".
  const std::string& address() const {
    return address_;
  }

  /// Waits at most so long for somebody; nothing if nobody came.
  std::optional<descriptor> accept(int timeout_ms) const;

private:
  local_listener(descriptor socket, std::string address);

  descriptor socket_;
  std::string address_;
  bool has_path_ = false;
  dev_t device_ = 0; ///< with `inode_`: which file the path is
  ino_t inode_ = 0;
};

} // namespace souk::experiments
