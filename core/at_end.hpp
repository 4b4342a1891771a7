#pragma once

#include "core/error.hpp"
#include "core/log.hpp"

#include <functional>
#include <utility>

namespace souk::core {

/// Does something when its scope ends, however it ends. What breaks meanwhile is said
/// and goes no further: the scope may be ending because of something worse.
class at_end {
public:
  explicit at_end(std::function<void()> action) : action_{std::move(action)} {
    // nop
  }

  at_end(const at_end&) = delete;
  at_end& operator=(const at_end&) = delete;

  ~at_end() {
    try {
      action_();
    } catch (const error& broken) {
      log::warning(broken.what());
    }
  }

private:
  std::function<void()> action_;
};

} // namespace souk::core
