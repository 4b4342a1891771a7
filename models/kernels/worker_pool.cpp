#include "models/kernels/worker_pool.hpp"

#include "core/error.hpp"
#include "models/kernels/serial_products.hpp"

#include <string>
#include <utility>

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

} // namespace

worker_pool::worker_pool(std::size_t threads) : ticket_{closed} {
  core::expects(threads > 0, "a worker pool has at least its caller");
  try {
    workers_.reserve(threads - 1);
    for (std::size_t i = 1; i < threads; ++i)
      workers_.emplace_back([this, i] { serve(i); });
  } catch (const std::exception& reason) {
    const auto started = workers_.size() + 1;
    stop();
    throw core::error{"only " + std::to_string(started) + " of "
                        + std::to_string(threads)
                        + " threads could be had: " + reason.what(),
                      "the threads of a trainer or recommender",
                      "ask for fewer, or raise the limits of the process (ulimit -u, "
                      "ulimit -v)"};
  }
}

worker_pool::~worker_pool() {
  stop();
}

void worker_pool::stop() {
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
  if (failed_.exchange(false))
    std::rethrow_exception(std::exchange(failure_, nullptr));
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
    if (!failed_.load())
      call(function, callable, tile, worker);
    completed_.fetch_add(1);
    ticket = ticket_.load();
  }
}

void worker_pool::call(tile_function function,
                       const void* callable,
                       std::size_t tile,
                       std::size_t worker) {
  try {
    function(callable, tile, worker);
  } catch (...) {
    // Only the first to fail writes; the caller reads when all tiles are completed.
    if (!failed_.exchange(true))
      failure_ = std::current_exception();
  }
}

} // namespace souk::models::kernels
