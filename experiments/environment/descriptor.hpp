#pragma once

#include <unistd.h>

#include <utility>

namespace souk::experiments {

/// An open file descriptor, closed at the end.
class descriptor {
public:
  explicit descriptor(int number) : number_{number} {
    // nop
  }

  descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {
    // nop
  }

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  ~descriptor() {
    if (number_ >= 0)
      close(number_);
  }

  int number() const {
    return number_;
  }

  bool is_open() const {
    return number_ >= 0;
  }

private:
  int number_;
};

} // namespace souk::experiments
