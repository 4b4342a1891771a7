#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>

#include <mutex>
#include <utility>

namespace souk::actors::bulk {

/// Runs an io context's handlers while nobody else has the turn: what they work on may
/// then be used from other threads, too, by whoever takes it. A strand would do the
/// same, at the price of a queue.
class turn_executor {
public:
  turn_executor(boost::asio::io_context& io, std::mutex& turn)
    : io_{io.get_executor()}, turn_{&turn} {
    // nop
  }

  boost::asio::execution_context&
  query(boost::asio::execution::context_t what) const noexcept {
    return boost::asio::query(io_, what);
  }

  turn_executor require(boost::asio::execution::blocking_t::never_t what) const {
    return {boost::asio::require(io_, what), turn_};
  }

  turn_executor require(boost::asio::execution::blocking_t::possibly_t what) const {
    return {boost::asio::require(io_, what), turn_};
  }

  template <class Function>
  void execute(Function function) const {
    io_.execute([turn = turn_, function = std::move(function)]() mutable {
      const std::lock_guard lock{*turn};
      function();
    });
  }

  bool operator==(const turn_executor& other) const noexcept {
    return io_ == other.io_ && turn_ == other.turn_;
  }

  bool operator!=(const turn_executor& other) const noexcept {
    return !(*this == other);
  }

private:
  using of_context = boost::asio::io_context::executor_type;

  turn_executor(of_context io, std::mutex* turn) : io_{io}, turn_{turn} {
    // nop
  }

  of_context io_;
  std::mutex* turn_;
};

/// An io context whose handlers run in turn with other threads.
struct io_in_turn {
  boost::asio::io_context context{1};
  std::mutex turn;

  turn_executor executor() {
    return {context, turn};
  }
};

} // namespace souk::actors::bulk
