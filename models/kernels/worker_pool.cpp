#include "models/kernels/worker_pool.hpp"

#include "core/error.hpp"

#include <omp.h>

namespace souk::models::kernels {

namespace {

constexpr std::uint64_t closed = 0xFFFFFFFFU;

// About ten microseconds: shorter than waking a thread, and too short to matter to
// whoever else wants the processor.
constexpr int spins_before_sleep = 500;

std::uint64_t generation_of(std::uint64_t ticket) {
  return ticket >> 32;
}

std::uint64_t tile_of(std::uint64_t ticket) {
  return ticket & 0xFFFFFFFFU;
}

/// Keeps oneDNN serial on this thread while it lives.
class serial_products {
public:
  serial_products() : before_{omp_get_max_threads()} {
    if (before_ != 1)
      omp_set_num_threads(1);
  }

  ~serial_products() {
    if (before_ != 1)
      omp_set_num_threads(before_);
  }

  serial_products(const serial_products&) = delete;
  serial_products& operator=(const serial_products&) = delete;

private:
  int before_;
};

} // namespace

worker_pool::worker_pool(std::size_t threads) : ticket_{closed} {
  core::expects(threads > 0, "a worker pool has at least its caller");
  for (std::size_t i = 1; i < threads; ++i)
    workers_.emplace_back([this, i] { serve(i); });
}

worker_pool::~worker_pool() {
  {
    const std::lock_guard lock{sleep_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_)
    worker.join();
}

void worker_pool::run(std::size_t count, tile_function function, const void* callable) {
  core::expects(count < closed, "a loop has fewer than 2^32 - 1 tiles");
  const serial_products serial;
  std::unique_lock loop{one_loop_, std::defer_lock};
  if (workers_.empty() || count < 2 || !loop.try_lock()) {
    for (std::size_t i = 0; i < count; ++i)
      function(callable, i, 0);
    return;
  }
  const auto generation = (generation_of(ticket_.load()) + 1) & 0xFFFFFFFFU;
  ticket_.store(generation << 32 | closed);
  count_.store(count);
  completed_.store(0);
  function_.store(function);
  callable_.store(callable);
  ticket_.store(generation << 32);
  {
    const std::lock_guard lock{sleep_};
    if (sleepers_ > 0)
      wake_.notify_all();
  }
  work_on(generation, 0);
  for (int spins = 0; completed_.load() < count; ++spins)
    if (spins < spins_before_sleep)
      __builtin_ia32_pause();
    else
      std::this_thread::yield();
}

void worker_pool::serve(std::size_t worker) {
  const serial_products serial;
  std::uint64_t seen = 0;
  const auto is_news = [&] {
    const auto ticket = ticket_.load();
    return stopping_.load()
           || (generation_of(ticket) != seen && tile_of(ticket) != closed);
  };
  while (true) {
    for (int spins = 0; spins < spins_before_sleep && !is_news(); ++spins)
      __builtin_ia32_pause();
    if (!is_news()) {
      std::unique_lock lock{sleep_};
      ++sleepers_;
      wake_.wait(lock, is_news);
      --sleepers_;
    }
    if (stopping_.load())
      return;
    const auto ticket = ticket_.load();
    if (tile_of(ticket) == closed)
      continue;
    seen = generation_of(ticket);
    work_on(seen, worker);
  }
}

void worker_pool::work_on(std::uint64_t generation, std::size_t worker) {
  auto ticket = ticket_.load();
  while (generation_of(ticket) == generation && tile_of(ticket) != closed) {
    const auto tile = tile_of(ticket);
    const auto function = function_.load();
    const auto* callable = callable_.load();
    if (tile >= count_.load())
      return;
    // Succeeds only if no later loop was announced since, so what was read above
    // belongs to this one.
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1))
      continue;
    function(callable, tile, worker);
    completed_.fetch_add(1);
    ticket = ticket_.load();
  }
}

} // namespace souk::models::kernels
