#pragma once

#include "actors/bulk/credentials.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace souk::actors::bulk {

/// Logs who is refused and why: at most a line a second, which counts what was left
/// out, so that strangers cannot fill a disk. Safe from any thread.
class refusal_log {
public:
  explicit refusal_log(conversation about) : about_{about} {
    // nop
  }

  void note(const std::string& address, const std::string& why);

private:
  const conversation about_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point next_{};
  std::uint64_t left_out_ = 0;
};

} // namespace souk::actors::bulk
