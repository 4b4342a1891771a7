#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace souk::actors::bulk {

/// Barks when nothing has moved for too long. Used where its executor's handlers may
/// be: in their thread, or in turn with it. Moving costs reading a clock; the timer is
/// set rarely.
class watchdog {
public:
  watchdog(const boost::asio::any_io_executor& executor,
           std::chrono::milliseconds limit)
    : timer_{executor}, limit_{limit} {
    // nop
  }

  /// Watches from now on. `keeper` owns this watchdog; `bark` is not called after its
  /// end.
  template <class Keeper>
  void begin(const std::shared_ptr<Keeper>& keeper, std::function<void()> bark) {
    bark_ = std::move(bark);
    is_watching_ = true;
    moved();
    if (!is_set_)
      set(std::weak_ptr<void>{keeper});
  }

  void moved() {
    last_ = std::chrono::steady_clock::now();
  }

  void end() {
    is_watching_ = false;
    bark_ = nullptr;
  }

private:
  void set(const std::weak_ptr<void>& keeper) {
    is_set_ = true;
    timer_.expires_at(last_ + limit_);
    timer_.async_wait([this, keeper](const boost::system::error_code& cancelled) {
      const auto alive = keeper.lock();
      if (!alive || cancelled)
        return;
      is_set_ = false;
      if (!is_watching_)
        return;
      if (std::chrono::steady_clock::now() < last_ + limit_)
        return set(keeper);
      is_watching_ = false;
      std::exchange(bark_, nullptr)();
    });
  }

  boost::asio::steady_timer timer_;
  std::chrono::milliseconds limit_;
  std::chrono::steady_clock::time_point last_;
  std::function<void()> bark_;
  bool is_watching_ = false;
  bool is_set_ = false;
};

} // namespace souk::actors::bulk
