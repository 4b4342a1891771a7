#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

namespace souk::core {

/// A view of `size()` consecutive values: what C++20 calls std::span.
template <class T>
class span {
public:
  using value_type = std::remove_cv_t<T>;

  constexpr span() = default;

  constexpr span(T* data, std::size_t size) : data_{data}, size_{size} {
    // nop
  }

  /// Views any contiguous container (or another span) of the same values.
  template <class Container,
            class = std::enable_if_t<
              std::is_convertible_v<decltype(std::declval<Container&>().data()), T*>>>
  constexpr span(Container& values) : data_{values.data()}, size_{values.size()} {
    // nop
  }

  template <
    class Container,
    class = std::enable_if_t<
      std::is_convertible_v<decltype(std::declval<const Container&>().data()), T*>>>
  constexpr span(const Container& values) : data_{values.data()}, size_{values.size()} {
    // nop
  }

  constexpr T* data() const {
    return data_;
  }

  constexpr std::size_t size() const {
    return size_;
  }

  constexpr bool empty() const {
    return size_ == 0;
  }

  constexpr T& operator[](std::size_t index) const {
    return data_[index];
  }

  constexpr T* begin() const {
    return data_;
  }

  constexpr T* end() const {
    return data_ + size_;
  }

  /// Views `count` values from `offset`.
  constexpr span subspan(std::size_t offset, std::size_t count) const {
    return {data_ + offset, count};
  }

private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace souk::core
