#pragma once

#include <cstdint>
#include <string>

namespace souk::core {

/// Told by long work how far it is. Implementations show it; calls are cheap and may
/// come from any thread.
class progress {
public:
  virtual ~progress() = default;

  /// `done` of `total` `unit`s (0 = unknown total) of `task` are finished; `detail` is
  /// a short remark such as "loss 312.4".
  virtual void advance(const std::string& task,
                       std::uint64_t done,
                       std::uint64_t total,
                       const std::string& unit,
                       const std::string& detail) = 0;
};

/// Tells nobody.
class silent_progress : public progress {
public:
  void advance(const std::string&,
               std::uint64_t,
               std::uint64_t,
               const std::string&,
               const std::string&) override {
    // nop
  }
};

} // namespace souk::core
