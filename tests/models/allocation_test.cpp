// Counts what is allocated through operator new. The sanitizers bring their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include "models/learner.hpp"
#include "models/optimiser.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations{0};

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  const auto rounded = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment;
  if (auto* memory = std::aligned_alloc(alignment, rounded * alignment))
    return memory;
  throw std::bad_alloc{};
}

} // namespace

void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

TEST_CASE("a step allocates nothing after the first", "[models][learner]") {
  constexpr std::uint32_t items = 2500;
  for (const auto* kind : {"mult_vae", "mult_dae"})
    for (const std::uint32_t num_blocks : {1, 4, 8}) {
      INFO(kind << ", " << num_blocks << " blocks");
      model_options options;
      options.kind = kind;
      options.hidden = {300};
      options.latent = 50;
      const auto model = make_learner(options, items, {16, num_blocks, 2});
      core::parameter_arena parameters(model->layout().size());
      make_network(options, items)->initialise(1, parameters);
      core::gradient gradient{model->layout()};
      std::vector<block_loss> losses(num_blocks);
      // Later batches have more items, and other ones.
      const auto few = blocks_of(random_rows(100, items, 20), num_blocks, 16);
      const auto many = blocks_of(random_rows(128, items, 200), num_blocks, 16);
      model->accumulate({1, 0, 100}, few, parameters, gradient, losses);
      const auto before = allocations.load();
      for (std::uint64_t step = 1; step < 4; ++step)
        model->accumulate({1, step, 128}, many, parameters, gradient, losses);
      CHECK(allocations.load() == before);
    }
}

#endif
