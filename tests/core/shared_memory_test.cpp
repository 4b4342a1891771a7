#include "core/shareable_memory.hpp"

#include <catch2/catch.hpp>
#include <sys/mman.h>
#include <unistd.h>

using namespace souk::core;

namespace {

descriptor copy_of(const descriptor& file) {
  return descriptor{dup(file.number())};
}

constexpr std::size_t large = 300'000; ///< floats

} // namespace

TEST_CASE("a reader sees what the owner writes, and can neither lose nor change it",
          "[core]") {
  const auto when =
    GENERATE(shared_segment::pages::now, shared_segment::pages::when_written);
  auto owned = shared_segment::make(1 << 16, when);
  REQUIRE(owned);
  const auto mapped = shared_segment::map(copy_of(owned->file()), 1 << 16);
  REQUIRE(mapped);
  owned->data()[5] = 77;
  CHECK(mapped->data()[5] == 77);
  CHECK(ftruncate(owned->file().number(), 0) != 0);
  CHECK(mprotect(mapped->data(), mapped->size(), PROT_READ | PROT_WRITE) != 0);
}

TEST_CASE("files that are no sealed segments are not mapped", "[core]") {
  CHECK_FALSE(shared_segment::map(descriptor{}, 1));
  descriptor open_ended{memfd_create("unsealed", MFD_CLOEXEC)};
  CHECK(ftruncate(open_ended.number(), 4096) == 0);
  CHECK_FALSE(shared_segment::map(std::move(open_ended), 1));
  const auto owned = shared_segment::make(4096);
  REQUIRE(owned);
  CHECK_FALSE(shared_segment::map(copy_of(owned->file()), 5000));
}

TEST_CASE("memory can be shared that was allocated while the process shares any",
          "[core]") {
  share_memory(true);
  shareable_vector<float> numbers(large, 1.0F);
  CHECK(numbers[large - 1] == 1);
  const auto piece = shareable_piece_at(&numbers[large - 1]);
  REQUIRE(piece);
  CHECK(piece == shareable_piece_at(numbers.data()));
  const auto* const end = piece->segment.data() + piece->segment.size();
  CHECK(shareable_piece_at(end) != piece);

  SECTION("others read it where it lies") {
    const auto mapped =
      shared_segment::map(copy_of(piece->segment.file()), large * sizeof(float));
    REQUIRE(mapped);
    numbers[7] = 8;
    CHECK(reinterpret_cast<const float*>(mapped->data())[7] == 8);
  }
  SECTION("what is allocated when it does not any more is like any other") {
    share_memory(false);
    const shareable_vector<float> others(large);
    CHECK_FALSE(shareable_piece_at(others.data()));
    CHECK(shareable_piece_at(numbers.data()) == piece);
  }
  SECTION("small memory is like any other") {
    const shareable_vector<float> few(100);
    CHECK_FALSE(shareable_piece_at(few.data()));
  }
  SECTION("freed memory is in no piece, and its number is not used again") {
    const auto* const where = numbers.data();
    const auto number = piece->number;
    numbers = shareable_vector<float>{};
    CHECK_FALSE(shareable_piece_at(where));
    const shareable_buffer<float> another{large};
    CHECK(shareable_piece_at(another.data())->number > number);
  }
}
