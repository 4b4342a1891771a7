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

std::shared_ptr<core::aligned_vector<std::uint8_t>> encoded() {
  const auto runs = two_runs();
  auto bytes =
    std::make_shared<core::aligned_vector<std::uint8_t>>(bulk::encoded_length(runs));
  bulk::encode_part(runs, 0, *bytes);
  return bytes;
}

} // namespace

TEST_CASE("a payload survives the way through bytes", "[actors][bulk]") {
  const auto decoded = bulk::decode(encoded());
  REQUIRE(decoded.runs.size() == 2);
  CHECK(decoded.runs[1].offset == 20);
  CHECK(decoded.runs[1].length == 4);
  CHECK(decoded.runs[1].values[3] == 7);
  CHECK(bulk::checksum_of(decoded.runs) == bulk::checksum_of(two_runs()));
}

TEST_CASE("the parts of an encoding are the whole", "[actors][bulk]") {
  const auto whole = encoded();
  for (std::size_t size = 1; size < whole->size(); ++size)
    for (std::size_t offset = 0; offset < whole->size(); offset += size) {
      std::vector<std::uint8_t> part(std::min(size, whole->size() - offset));
      bulk::encode_part(two_runs(), offset, part);
      CHECK(std::memcmp(part.data(), whole->data() + offset, part.size()) == 0);
    }
}

TEST_CASE("bytes that are no payload are refused", "[actors][bulk]") {
  SECTION("cut short anywhere") {
    for (std::size_t size = 0; size < encoded()->size(); ++size) {
      auto bytes = encoded();
      bytes->resize(size);
      CHECK_THROWS_AS(bulk::decode(bytes), core::error);
    }
  }
  SECTION("with numbers of runs, offsets or lengths beyond the bytes") {
    for (std::size_t word = 0; word < 5; ++word) {
      auto bytes = encoded();
      const auto huge = ~std::uint64_t{0} / 2;
      std::memcpy(bytes->data() + word * 8, &huge, sizeof huge);
      if (word == 3) // the last run may lie anywhere behind the first
        CHECK_NOTHROW(bulk::decode(bytes));
      else
        CHECK_THROWS_AS(bulk::decode(bytes), core::error);
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

TEST_CASE("tickets carry a checksum only where bytes may leave the process",
          "[actors][bulk]") {
  bulk::exchange alone;
  CHECK(alone.offer({}, two_runs(), nullptr).checksum == 0);
  bulk::exchange one_of_many;
  one_of_many.open(2, /*has_peers=*/true);
  const auto ticket = one_of_many.offer({}, two_runs(), nullptr);
  CHECK(ticket.checksum == bulk::checksum_of(two_runs()));
  CHECK(ticket.process == 2);
}
