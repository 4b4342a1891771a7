#include "core/aligned_vector.hpp"

#include <sys/mman.h>

#include <cstdlib>

namespace souk::core {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20U;

} // namespace

void* allocate_aligned(std::size_t bytes) {
  const auto is_large = bytes >= 2 * huge_page;
  const auto alignment = is_large ? huge_page : cache_line;
  auto* memory =
    std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr)
    throw std::bad_alloc{};
  if (is_large)
    madvise(memory, bytes, MADV_HUGEPAGE); // a hint: a kernel without them goes on
  return memory;
}

void free_aligned(void* memory) noexcept {
  std::free(memory);
}

} // namespace souk::core
