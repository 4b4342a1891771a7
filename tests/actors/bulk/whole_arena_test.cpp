#include "actors/bulk/whole_arena.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace souk;
using namespace souk::actors::bulk;

namespace {

std::shared_ptr<const payload>
range_at(const float* values, std::size_t offset, std::size_t size) {
  return std::make_shared<const payload>(
    payload{{{offset, size, values}}, std::make_shared<int>()});
}

} // namespace

TEST_CASE("ranges of one arena are viewed where they lie, others copied together",
          "[actors][bulk]") {
  core::aligned_vector<float> numbers(64);
  std::iota(numbers.begin(), numbers.end(), 0.0F);
  whole_arena arena;

  SECTION("whoever keeps them alive") {
    const auto seen = arena.view(
      {range_at(numbers.data(), 0, 16), range_at(numbers.data() + 16, 16, 48)}, 64);
    CHECK(seen.data() == numbers.data());
    CHECK(seen.size() == 64);
  }
  SECTION("ranges of two arenas") {
    const auto other = numbers;
    const auto seen = arena.view(
      {range_at(numbers.data(), 0, 16), range_at(other.data() + 16, 16, 48)}, 64);
    CHECK(std::equal(seen.begin(), seen.end(), numbers.begin(), numbers.end()));
    CHECK(seen.data() != numbers.data());
  }
  SECTION("an arena that does not begin on a cache line") {
    const auto seen = arena.view({range_at(numbers.data() + 1, 0, 63)}, 63);
    CHECK(reinterpret_cast<std::uintptr_t>(seen.data()) % 64 == 0);
    CHECK(std::equal(seen.begin(), seen.end(), numbers.begin() + 1, numbers.end()));
  }
}
