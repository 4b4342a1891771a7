#pragma once

#include "core/aligned_vector.hpp"
#include "core/shared_segment.hpp"

#include <cstdint>
#include <memory>

namespace souk::core {

/// A large piece of this process's memory that other processes of its host may map.
struct shareable_piece {
  std::uint64_t number; ///< no other piece of this process ever has it
  shared_segment segment;
};

/// Whether what `allocate_shareable` allocates from now on can be shared, for the price
/// of small pages where the kernel has no large ones for shared memory; at first not.
void share_memory(bool from_now_on);

/// Allocates on cache-line boundaries, like `allocate_aligned`. Memory that is never
/// written is not taken.
void* allocate_shareable(std::size_t bytes);
void free_shareable(void* memory) noexcept;

/// Returns the piece that an address lies in, or null if it lies in none. It stays
/// mapped as long as somebody holds it; whether its numbers mean anything is up to
/// whoever allocated it.
std::shared_ptr<const shareable_piece> shareable_piece_at(const void* address);

/// Allocates what readers in other processes should find where it lies.
template <class T>
struct shareable_allocator {
  using value_type = T;

  shareable_allocator() = default;

  template <class U>
  shareable_allocator(const shareable_allocator<U>&) noexcept {
    // nop
  }

  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_shareable(count * sizeof(T)));
  }

  void deallocate(T* values, std::size_t) noexcept {
    free_shareable(values);
  }

  template <class U>
  bool operator==(const shareable_allocator<U>&) const noexcept {
    return true;
  }

  template <class U>
  bool operator!=(const shareable_allocator<U>&) const noexcept {
    return false;
  }
};

template <class T>
using shareable_vector = std::vector<T, shareable_allocator<T>>;

template <class T>
using shareable_buffer = aligned_buffer<T, shareable_allocator<T>>;

} // namespace souk::core
