#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace souk::core {

/// Allocates memory on cache-line boundaries; large pieces on huge pages, where the
/// kernel has them, so that sweeps over them miss no address translation.
void* allocate_aligned(std::size_t bytes);
void free_aligned(void* memory) noexcept;

/// Allocates on cache-line boundaries, so that SIMD loads never straddle two lines.
template <class T>
struct cache_line_allocator {
  using value_type = T;

  cache_line_allocator() = default;

  template <class U>
  cache_line_allocator(const cache_line_allocator<U>&) noexcept {
    // nop
  }

  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_aligned(count * sizeof(T)));
  }

  void deallocate(T* values, std::size_t) noexcept {
    free_aligned(values);
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

/// Scratch memory on cache lines: written before it is read. What is never written
/// takes no memory.
template <class T, class Allocator = cache_line_allocator<T>>
class aligned_buffer {
public:
  static_assert(std::is_trivial_v<T>, "scratch memory is not initialised");

  aligned_buffer() = default;

  explicit aligned_buffer(std::size_t size)
    : values_{Allocator{}.allocate(size)}, size_{size} {
    // nop
  }

  T* data() const {
    return values_.get();
  }

  std::size_t size() const {
    return size_;
  }

private:
  struct release {
    void operator()(T* values) const {
      Allocator{}.deallocate(values, 0);
    }
  };

  std::unique_ptr<T[], release> values_;
  std::size_t size_ = 0;
};

} // namespace souk::core
