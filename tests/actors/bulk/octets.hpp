#pragma once

#include "core/random.hpp"

#include <cstdint>
#include <vector>

namespace souk::tests {

using octets = std::vector<std::uint8_t>;

/// The draws of one test.
class draws {
public:
  explicit draws(std::uint64_t entity) {
    site_.purpose = core::stream::synthetic_data;
    site_.entity = entity;
  }

  std::size_t below(std::size_t bound) {
    return core::random_words(site_, next_++)[0] % bound;
  }

  octets some(std::size_t count) {
    octets made(count);
    for (auto& one : made)
      one = static_cast<std::uint8_t>(below(256));
    return made;
  }

private:
  core::draw_site site_;
  std::uint32_t next_ = 0;
};

} // namespace souk::tests
