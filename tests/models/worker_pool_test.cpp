#include "models/kernels/worker_pool.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace souk::models::kernels;

TEST_CASE("a worker pool does every tile exactly once", "[models][worker_pool]") {
  for (const std::size_t threads : {1, 2, 3, 8}) {
    worker_pool pool{threads};
    CHECK(pool.threads() == threads);
    for (const std::size_t count : {0, 1, 2, 7, 100})
      for (int again = 0; again < 50; ++again) {
        std::vector<std::atomic<int>> done(count);
        pool.parallel_for(count, [&](std::size_t tile) { ++done[tile]; });
        for (const auto& times : done)
          REQUIRE(times == 1);
      }
  }
}

TEST_CASE("a loop inside a loop, or beside one, is done by its caller",
          "[models][worker_pool]") {
  worker_pool pool{3};
  std::atomic<int> done{0};
  const auto nested = [&] {
    pool.parallel_for(
      4, [&](std::size_t) { pool.parallel_for(5, [&](std::size_t) { ++done; }); });
  };
  std::thread other{nested};
  nested();
  other.join();
  CHECK(done == 40);
}

TEST_CASE("what a body throws reaches the caller, and the pool goes on",
          "[models][worker_pool]") {
  for (const std::size_t threads : {1, 2, 8}) {
    worker_pool pool{threads};
    for (int again = 0; again < 20; ++again) {
      std::atomic<int> begun{0};
      const auto throwing = [&](std::size_t tile) {
        ++begun;
        if (tile >= 3)
          throw std::runtime_error{"no tile " + std::to_string(tile)};
      };
      CHECK_THROWS_WITH(pool.parallel_for(1000, throwing),
                        Catch::StartsWith("no tile "));
      CHECK(begun < 1000);
      std::atomic<int> done{0};
      pool.parallel_for(100, [&](std::size_t) { ++done; });
      REQUIRE(done == 100);
    }
  }
}

// The sanitizers need address space of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

/// Leaves address space for few more stacks while it lives.
class little_address_space {
public:
  little_address_space() {
    getrlimit(RLIMIT_AS, &before_);
    std::size_t pages = 0;
    std::ifstream{"/proc/self/statm"} >> pages;
    auto tight = before_;
    tight.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE))
                     + (std::size_t{64} << 20U);
    setrlimit(RLIMIT_AS, &tight);
  }

  ~little_address_space() {
    setrlimit(RLIMIT_AS, &before_);
  }

  little_address_space(const little_address_space&) = delete;
  little_address_space& operator=(const little_address_space&) = delete;

private:
  rlimit before_{};
};

} // namespace

TEST_CASE("a pool whose threads cannot be started is refused with an error",
          "[models][worker_pool]") {
  std::string message;
  {
    const little_address_space limited;
    try {
      worker_pool pool{1000};
    } catch (const souk::core::error& error) {
      message = error.what();
    }
  }
  CHECK_THAT(message, Catch::Contains("of 1000 threads"));
  CHECK_THAT(message, Catch::Contains("ask for fewer"));
}

#endif

TEST_CASE("tiles cover a range without overlap", "[models][worker_pool]") {
  for (const std::size_t size : {0, 1, 9, 10, 11, 20}) {
    const tiling tiles{size, 10};
    std::size_t next = 0;
    for (std::size_t tile = 0; tile < tiles.count(); ++tile) {
      CHECK(tiles.begin(tile) == next);
      CHECK(tiles.end(tile) > next);
      next = tiles.end(tile);
    }
    CHECK(next == size);
  }
}
