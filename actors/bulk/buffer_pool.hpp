#pragma once

#include "core/aligned_vector.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace souk::actors::bulk {

/// Memory for tensors that arrive, used again instead of being returned to the system
/// and zeroed page by page. Safe from any thread.
class buffer_pool : public std::enable_shared_from_this<buffer_pool> {
public:
  /// Holds on to at most `idle_bytes_max` that nobody uses.
  explicit buffer_pool(std::uint64_t idle_bytes_max) : idle_bytes_max_{idle_bytes_max} {
    // nop
  }

  /// Returns room for `size` bytes, not initialised; it comes back to the pool when the
  /// last owner is gone. Throws `std::bad_alloc`.
  std::shared_ptr<std::uint8_t> take(std::size_t size);

private:
  using buffer = core::aligned_buffer<std::uint8_t>;

  buffer find_idle(std::size_t size);
  void give_back(buffer returned);

  const std::uint64_t idle_bytes_max_;
  std::mutex mutex_;
  std::list<buffer> idle_; ///< the oldest first
  std::uint64_t idle_bytes_ = 0;
};

} // namespace souk::actors::bulk
