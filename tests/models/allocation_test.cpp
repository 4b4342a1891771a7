// Counts what is allocated, whoever asks for it and however: the C library's functions
// are replaced for this executable and all its libraries. The sanitizers bring their
// own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include "models/learner.hpp"
#include "models/optimiser.hpp"
#include "tests/models/precisions.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>
#include <link.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

std::atomic<std::size_t> ours{0};
std::atomic<std::size_t> of_onednn{0};

/// Where oneDNN's code lies; found before anything is counted.
struct code_range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

code_range onednn;

int find_onednn(dl_phdr_info* library, std::size_t, void*) {
  if (std::strstr(library->dlpi_name, "libdnnl") == nullptr)
    return 0;
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const auto& part = library->dlpi_phdr[i];
    if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0) {
      onednn.begin = library->dlpi_addr + part.p_vaddr;
      onednn.end = onednn.begin + part.p_memsz;
    }
  }
  return 1;
}

void count(const void* caller) {
  const auto place = reinterpret_cast<std::uintptr_t>(caller);
  ++(place >= onednn.begin && place < onednn.end ? of_onednn : ours);
}

} // namespace

extern "C" {

void* malloc(std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_malloc(size);
}

void* calloc(std::size_t count_of, std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_calloc(count_of, size);
}

void* realloc(void* memory, std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  count(__builtin_return_address(0));
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

} // extern "C"

// The standard library's own would hide who asks.
void* operator new(std::size_t size) {
  count(__builtin_return_address(0));
  if (auto* memory = __libc_malloc(size))
    return memory;
  throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

/// Takes some steps and checks that those after the first allocate nothing.
void check_steps(const model_options& options,
                 std::uint32_t num_blocks,
                 precision operands) {
  // The last panel of each layer is not full.
  constexpr std::uint32_t items = 2507;
  const auto model = make_learner(options, items, {16, num_blocks, 2, operands});
  core::parameter_arena parameters(model->layout().size());
  make_network(options, items)->initialise(1, parameters);
  core::gradient gradient{model->layout()};
  std::vector<block_loss> losses(num_blocks);
  // Later batches have more items, and other ones.
  const auto few = blocks_of(random_rows(100, items, 20), num_blocks, 16);
  const auto many = blocks_of(random_rows(128, items, 200), num_blocks, 16);
  model->accumulate({1, 0, 100}, few, parameters, gradient, losses);
  const auto before = ours.load();
  const auto before_of_onednn = of_onednn.load();
  for (std::uint64_t step = 1; step < 4; ++step)
    model->accumulate({1, step, 128}, many, parameters, gradient, losses);
  CHECK(ours.load() == before);
  // Shows that allocations are told apart, and seen: learner.hpp says what these are.
  CHECK(of_onednn.load() > before_of_onednn);
}

} // namespace

TEST_CASE("a step allocates nothing after the first, but for what oneDNN does",
          "[models][learner][allocation]") {
  dl_iterate_phdr(find_onednn, nullptr);
  REQUIRE(onednn.end > onednn.begin);
  {
    const auto before = ours.load();
    const core::aligned_buffer<float> seen{100};
    std::vector<int> seen_too(100);
    CHECK(ours.load() == before + 2);
  }
  for (const auto* kind : {"mult_vae", "mult_dae"})
    for (const std::uint32_t num_blocks : {1, 4, 8})
      for (const auto operands : precisions()) {
        INFO(kind << ", " << num_blocks << " blocks, precision "
                  << static_cast<int>(operands));
        model_options options;
        options.kind = kind;
        options.hidden = {310};
        options.latent = 50;
        check_steps(options, num_blocks, operands);
      }
}

#endif
