#include "actors/bulk/large_copy.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <vector>

using namespace souk;

TEST_CASE("a large copy writes these bytes and no others", "[actors][bulk]") {
  std::vector<std::uint8_t> source(1500);
  std::iota(source.begin(), source.end(), std::uint8_t{3});
  for (const std::size_t size : {0, 1, 15, 63, 64, 65, 130, 1000})
    for (const std::size_t from : {0, 1, 8})
      for (std::size_t to = 64; to < 64 + 70; ++to) {
        INFO(size << " bytes from " << from << " to " << to);
        std::vector<std::uint8_t> room(1500, 0xaa);
        auto expected = room;
        std::copy_n(source.begin() + static_cast<std::ptrdiff_t>(from), size,
                    expected.begin() + static_cast<std::ptrdiff_t>(to));
        actors::bulk::large_copy({source.data() + from, size}, room.data() + to);
        CHECK(room == expected);
      }
}
