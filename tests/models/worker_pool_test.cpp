#include "models/kernels/worker_pool.hpp"

#include <catch2/catch.hpp>

#include <atomic>
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
