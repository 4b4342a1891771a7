#pragma once

#include "data/checkpoint.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

namespace souk::experiments {

/// Writes checkpoints in a thread of its own while training goes on, one at a time:
/// where the next one is due before the last one is written, its training waits, so
/// that never more than one is missing.
///
/// A checkpoint that cannot be written ends nothing. That is said once, for as long as
/// it lasts; what was written before stays.
class checkpoint_writer {
public:
  using write_function = std::function<void(const data::checkpoint&)>;

  /// `write` throws if it cannot, and then leaves older checkpoints as they are.
  explicit checkpoint_writer(write_function write);
  checkpoint_writer(const checkpoint_writer&) = delete;
  checkpoint_writer& operator=(const checkpoint_writer&) = delete;
  /// Waits until the last one is written.
  ~checkpoint_writer();

  /// Returns the checkpoint to fill in, which still holds what the last one was filled
  /// with. Waits until that is written.
  data::checkpoint& next();

  /// Begins to write what `next` was filled with.
  void begin();

  /// Waits until nothing is being written.
  void wait();

  /// Says at which step the last whole one is, where there was one before.
  void note_whole(std::uint64_t step) {
    last_whole_ = step;
  }

  std::uint64_t num_written() const {
    return num_written_;
  }

  std::uint64_t num_failed() const {
    return num_failed_;
  }

private:
  void write();
  void note_failure(const std::string& reason);
  void note_success();

  write_function write_;
  data::checkpoint state_;
  std::thread thread_;
  std::uint64_t last_whole_ = 0; ///< 0: none
  std::uint64_t failed_in_a_row_ = 0;
  std::atomic<std::uint64_t> num_written_{0};
  std::atomic<std::uint64_t> num_failed_{0};
};

} // namespace souk::experiments
