#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace souk::core {

/// Allocates on cache-line boundaries, so that SIMD loads never straddle two lines.
template <class T>
struct cache_line_allocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  cache_line_allocator() = default;

  template <class U>
  cache_line_allocator(const cache_line_allocator<U>&) noexcept {
    // nop
  }

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), alignment));
  }

  void deallocate(T* values, std::size_t) noexcept {
    ::operator delete(values, alignment);
  }

  template <class U>
  bool operator==(const cache_line_allocator<U>&) const noexcept {
    return true;
  }

  template <class U>
  bool operator!=(const cache_line_allocator<U>&) const noexcept {
    return false;
  }
};

template <class T>
using aligned_vector = std::vector<T, cache_line_allocator<T>>;

} // namespace souk::core
