#include "actors/bulk/payload.hpp"

#include "actors/bulk/exchange.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace souk;
using namespace souk::actors;

namespace {

const std::vector<float> numbers{1, 2, 3, 4, 5, 6, 7};

core::gradient_slice two_runs() {
  return {{10, 3, numbers.data()}, {20, 4, numbers.data() + 3}};
}

using bytes = std::vector<std::uint8_t>;

/// The encoding, read in pieces of at most that many bytes.
bytes encoded(std::uint64_t piece_max = ~std::uint64_t{0}) {
  const auto runs = two_runs();
  bulk::encoding walk{runs};
  bytes all;
  std::vector<bulk::encoding::piece> pieces;
  while (walk.left() > 0) {
    walk.next(pieces, /*pieces_max=*/2, piece_max);
    for (const auto& piece : pieces) {
      all.insert(all.end(), piece.begin(), piece.end());
      walk.skip(piece.size());
    }
  }
  return all;
}

} // namespace

TEST_CASE("a payload survives the way through bytes", "[actors][bulk]") {
  const auto travelled = encoded();
  const auto decoded = bulk::decode(travelled, nullptr);
  REQUIRE(decoded.runs.size() == 2);
  CHECK(decoded.runs[1].offset == 20);
  CHECK(decoded.runs[1].length == 4);
  CHECK(decoded.runs[1].values[3] == 7);
}

TEST_CASE("an encoding is the same in pieces of any size", "[actors][bulk]") {
  const auto whole = encoded();
  REQUIRE(whole.size() == bulk::encoded_length(two_runs()));
  for (std::size_t size = 1; size <= whole.size(); ++size)
    CHECK(encoded(size) == whole);
}

TEST_CASE("runs of no length take no piece", "[actors][bulk]") {
  const core::gradient_slice runs{{10, 0, numbers.data()}, {20, 4, numbers.data()}};
  const bulk::encoding walk{runs};
  std::vector<bulk::encoding::piece> pieces;
  walk.next(pieces, 10, walk.left());
  CHECK(pieces.size() == 2);
}

TEST_CASE("bytes that are no payload are refused", "[actors][bulk]") {
  SECTION("cut short anywhere") {
    for (std::size_t size = 0; size < encoded().size(); ++size) {
      auto cut = encoded();
      cut.resize(size);
      CHECK_THROWS_AS(bulk::decode(cut, nullptr), core::error);
    }
  }
  SECTION("with numbers of runs, offsets or lengths beyond the bytes") {
    for (std::size_t word = 0; word < 5; ++word) {
      auto changed = encoded();
      const auto huge = ~std::uint64_t{0} / 2;
      std::memcpy(changed.data() + word * 8, &huge, sizeof huge);
      if (word == 3) // the last run may lie anywhere behind the first
        CHECK_NOTHROW(bulk::decode(changed, nullptr));
      else
        CHECK_THROWS_AS(bulk::decode(changed, nullptr), core::error);
    }
  }
}

TEST_CASE("an exchange holds the newest offer of each slot", "[actors][bulk]") {
  bulk::exchange exchange;
  core::tensor_ticket ticket;
  ticket.run = 1;
  const auto first = exchange.offer(ticket, two_runs(), nullptr);
  CHECK(exchange.find(first)->runs.size() == 2);
  ticket.version = 1;
  const auto second = exchange.offer(ticket, two_runs(), nullptr);
  CHECK(exchange.find(first) == nullptr);
  CHECK(exchange.find(second) != nullptr);
  exchange.release_run(2);
  CHECK(exchange.find(second) != nullptr);
  exchange.release_run(1);
  CHECK(exchange.find(second) == nullptr);
}

TEST_CASE("an offer completes its ticket", "[actors][bulk]") {
  bulk::exchange one_of_many;
  one_of_many.open(2);
  const auto ticket = one_of_many.offer({}, two_runs(), nullptr);
  CHECK(ticket.length == bulk::encoded_length(two_runs()));
  CHECK(ticket.process == 2);
}
