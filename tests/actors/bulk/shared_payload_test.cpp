#include "actors/bulk/shared_payload.hpp"

#include "actors/bulk/payload.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>

using namespace souk;
using namespace souk::actors::bulk;

namespace {

constexpr std::size_t count = 200'000;

/// Runs in a piece and elsewhere, and a segment that says where.
struct placed {
  placed() {
    core::share_memory(true);
    shared.resize(count, 3.0F);
    layout.emplace(runs());
    segment = core::shared_segment::make(layout->size());
    layout->write(segment->data());
  }

  core::gradient_slice runs() const {
    return {{10, 4, shared.data() + 8}, {20, 3, elsewhere}, {30, 0, nullptr}};
  }

  std::uint64_t length() const {
    return encoded_length(runs());
  }

  core::gradient_slice read() const {
    return read_shared(*segment, length(), [this](std::uint64_t number) {
      const auto& piece = layout->pieces().at(0);
      return number == piece->number ? &piece->segment : nullptr;
    });
  }

  /// The word of a run: offset, length, piece or position.
  void set(std::size_t run, std::size_t word, std::uint64_t value) const {
    std::memcpy(segment->data() + 8 * (1 + 4 * run + word), &value, sizeof value);
  }

  core::shareable_vector<float> shared;
  const float elsewhere[3] = {5, 6, 7};
  std::optional<shared_layout> layout;
  std::optional<core::shared_segment> segment;
};

} // namespace

TEST_CASE("a segment says where runs lie", "[actors][bulk]") {
  const placed here;
  REQUIRE(here.layout->pieces().size() == 1);
  const auto runs = here.read();
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].values == here.shared.data() + 8);
  CHECK(runs[1].offset == 20);
  CHECK(runs[1].values[2] == 7);
  CHECK(runs[2].length == 0);
}

TEST_CASE("a segment that names what is not there is refused", "[actors][bulk]") {
  const placed here;
  SECTION("an unknown piece") {
    here.set(0, 2, 77'777);
  }
  SECTION("a run that begins outside") {
    here.set(0, 3, count * sizeof(float) + (1U << 20U));
  }
  SECTION("a run that ends outside") {
    here.set(0, 3, here.layout->pieces()[0]->segment.size() - 12);
  }
  SECTION("a position that no float can have") {
    here.set(0, 3, 3);
  }
  SECTION("a length that wraps around") {
    here.set(0, 1, ~std::uint64_t{0} / 4);
  }
  SECTION("an offset that wraps around") {
    here.set(0, 0, ~std::uint64_t{0} - 1);
  }
  SECTION("another length in all") {
    here.set(1, 1, 2);
  }
  SECTION("runs that overlap") {
    here.set(1, 0, 13);
  }
  SECTION("more runs than it has room for") {
    const auto many = ~std::uint64_t{0} / 32;
    std::memcpy(here.segment->data(), &many, sizeof many);
  }
  CHECK_THROWS_AS(here.read(), core::error);
}

TEST_CASE("a run that goes on behind its piece is copied", "[actors][bulk]") {
  core::share_memory(true);
  const core::shareable_vector<float> numbers(4096 / sizeof(float), 5.0F);
  const auto piece = core::shareable_piece_at(numbers.data());
  REQUIRE(piece);
  const auto count_in_piece = piece->segment.size() / sizeof(float);
  const core::gradient_slice whole{{0, count_in_piece, numbers.data()}};
  CHECK(shared_layout{whole}.pieces().size() == 1);
  const core::gradient_slice beyond{{0, count_in_piece, numbers.data() + 1}};
  CHECK(shared_layout{beyond}.pieces().empty());
}

TEST_CASE("whatever a segment says, what is read lies inside", "[actors][bulk]") {
  const placed here;
  const auto& piece = here.layout->pieces().at(0)->segment;
  const auto lies_in = [](const core::gradient_run& run,
                          const core::shared_segment& memory) {
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(run.values);
    return begin >= memory.data() && begin <= memory.data() + memory.size()
           && run.length * sizeof(float)
                <= static_cast<std::size_t>(memory.data() + memory.size() - begin);
  };
  std::mt19937 draw{20260601};
  const std::vector<std::uint8_t> intact(here.segment->data(),
                                         here.segment->data() + here.layout->size());
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::copy(intact.begin(), intact.end(), here.segment->data());
    for (auto changes = 1 + draw() % 3; changes > 0; --changes)
      here.segment->data()[draw() % (8 * 13)] ^=
        static_cast<std::uint8_t>(1U << draw() % 8);
    try {
      for (const auto& run : here.read()) {
        REQUIRE((lies_in(run, piece) || lies_in(run, *here.segment)));
        ++read;
      }
    } catch (const core::error&) { // as it should be, mostly
    }
  }
  CHECK(read > 0);
}
