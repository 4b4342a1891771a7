#pragma once

#include "actors/bulk/secure_link.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace souk::actors::bulk {

/// Listens at a port and lets in whoever shows, in time, that it may come in. Others
/// are sent away, which is logged. A thread of its own; strangers cost a bounded amount
/// of memory, and keep nobody else out by being slow.
class entrance {
public:
  using when_admitted = std::function<void(std::unique_ptr<secure_link>)>;

  /// Begins to listen at a numeric address; port 0 is any free one. Nobody is let in
  /// yet. Throws `core::error`, also where `check_listening` would.
  entrance(std::shared_ptr<const tls_context> security,
           const credentials& mine,
           const std::string& host,
           std::uint16_t port);
  entrance(const entrance&) = delete;
  entrance& operator=(const entrance&) = delete;
  ~entrance();

  std::uint16_t port() const;

  /// The listening socket.
  int number() const;

  /// Lets peers in; `admitted` is called from the entrance's thread.
  void open(when_admitted admitted);

  /// Lets nobody in any more, also not those who are about to; `admitted` is not called
  /// afterwards.
  void close();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace souk::actors::bulk
