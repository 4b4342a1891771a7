#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace souk::models::kernels {

/// Threads that share the tiles of a product or of a loop, the caller being one of
/// them.
///
/// Which thread computes a tile is a matter of chance; what it computes is not. While a
/// tile is computed its thread allows OpenMP (and so oneDNN) a single thread: the bits
/// of a loop over fixed tiles are the same for any number of threads.
class worker_pool {
public:
  /// Starts `threads` - 1 workers. Throws `error` if there cannot be so many.
  explicit worker_pool(std::size_t threads);
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  std::size_t threads() const {
    return workers_.size() + 1;
  }

  /// Calls `body(0)`, ..., `body(count - 1)`, in any order and at the same time, and
  /// returns when all are done. A body that wants scratch memory takes a second
  /// argument, the number of the thread that works for this loop, below `threads()`.
  /// Allocates nothing. If the pool is busy with another caller's loop (or this is a
  /// loop inside a loop), the caller does all the work itself.
  ///
  /// When a body throws, what has not begun is left out, and the first exception
  /// reaches the caller when the others have ended.
  template <class Body>
  void parallel_for(std::size_t count, const Body& body) {
    run(
      count,
      [](const void* callable, std::size_t index, std::size_t worker) {
        const auto& work = *static_cast<const Body*>(callable);
        if constexpr (std::is_invocable_v<const Body&, std::size_t, std::size_t>)
          work(index, worker);
        else
          work(index);
      },
      &body);
  }

private:
  using tile_function = void (*)(const void*, std::size_t, std::size_t);

  void run(std::size_t count, tile_function function, const void* callable);
  void serve(std::size_t worker);
  void work_on(std::uint64_t generation, std::size_t worker);
  void call(tile_function function,
            const void* callable,
            std::size_t tile,
            std::size_t worker);
  void stop();

  // Generation of the loop (upper half) and its next tile (lower half): one word, so
  // that a worker who wakes late can never claim a tile of a loop it does not know.
  std::atomic<std::uint64_t> ticket_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> completed_{0};
  std::atomic<tile_function> function_{nullptr};
  std::atomic<const void*> callable_{nullptr};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false}; ///< a body of this loop threw
  std::exception_ptr failure_;

  std::mutex one_loop_;
  std::mutex sleep_;
  std::condition_variable wake_;
  std::size_t sleepers_ = 0;
  std::vector<std::thread> workers_;
};

/// Cuts [0, size) into tiles of a fixed width.
struct tiling {
  std::size_t size = 0;
  std::size_t width = 1;

  std::size_t count() const {
    return (size + width - 1) / width;
  }

  std::size_t begin(std::size_t tile) const {
    return tile * width;
  }

  std::size_t end(std::size_t tile) const {
    return tile + 1 == count() ? size : (tile + 1) * width;
  }
};

} // namespace souk::models::kernels
