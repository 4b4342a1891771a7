#include "actors/bulk_transfer.hpp"

#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

/// Two processes' bulk actors that know each other.
struct two_processes {
  still_system system;
  std::vector<std::shared_ptr<actors::bulk::exchange>> exchanges;
  std::shared_ptr<std::vector<bulk_actor>> bulk =
    std::make_shared<std::vector<bulk_actor>>();
  core::aligned_vector<float> numbers = core::aligned_vector<float>(1 << 20);

  two_processes() {
    for (std::uint32_t process = 0; process < 2; ++process) {
      exchanges.push_back(std::make_shared<actors::bulk::exchange>());
      exchanges.back()->open(process, /*has_peers=*/true);
      bulk->push_back((*system).spawn(
        actors::bulk_transfer, exchanges.back(), [all = bulk](std::uint32_t number) {
          return number < all->size() ? (*all)[number] : bulk_actor{};
        }));
    }
    for (std::size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = static_cast<float>(i);
  }

  ~two_processes() {
    for (const auto& actor : *bulk)
      system.stop(actor);
    bulk->clear();
  }

  core::tensor_ticket offer() {
    core::tensor_ticket ticket;
    ticket.run = 1;
    return exchanges[0]->offer(
      ticket, {{0, 1000, numbers.data()}, {5000, 900000, numbers.data() + 5000}},
      nullptr);
  }

  core::errc refusal_of(const fetch_tensor& fetch) {
    const auto reply = system.ask<tensor_arrived>((*bulk)[1], fetch);
    return static_cast<core::errc>(std::get<caf::error>(reply).code());
  }
};

} // namespace

SCENARIO("a tensor travels between processes in chunks", "[actors][bulk]") {
  two_processes pair;
  const auto ticket = pair.offer();
  REQUIRE(ticket.length > 3 * chunk_bytes_max);
  const auto reply =
    pair.system.ask<tensor_arrived>((*pair.bulk)[1], fetch_tensor{ticket});
  REQUIRE(std::holds_alternative<tensor_arrived>(reply));
  const auto arrived = pair.exchanges[1]->find(ticket);
  REQUIRE(arrived);
  REQUIRE(arrived->runs.size() == 2);
  CHECK(arrived->runs[1].values[899999] == pair.numbers[904999]);
}

SCENARIO("a tensor that cannot be had is refused", "[actors][bulk]") {
  two_processes pair;
  auto ticket = pair.offer();

  SECTION("when it was withdrawn") {
    pair.exchanges[0]->release(ticket);
    CHECK(pair.refusal_of({ticket}) == core::errc::unknown_ticket);
  }
  SECTION("when its process is unknown") {
    ticket.process = 7;
    CHECK(pair.refusal_of({ticket}) == core::errc::unknown_ticket);
  }
  SECTION("when its length is beyond what a process allocates") {
    ticket.length = actors::bulk::payload_bytes_max + 1;
    CHECK(pair.refusal_of({ticket}) == core::errc::too_large);
  }
  SECTION("when its bytes changed on the way") {
    pair.numbers[6000] += 1;
    CHECK(pair.refusal_of({ticket}) == core::errc::corrupt_payload);
    CHECK(pair.exchanges[1]->find(ticket) == nullptr);
  }
}

SCENARIO("a chunk outside its tensor is refused", "[actors][bulk]") {
  two_processes pair;
  const auto ticket = pair.offer();
  for (const auto& request :
       {read_chunk{ticket, ticket.length, 1}, read_chunk{ticket, ~std::uint64_t{0}, 1},
        read_chunk{ticket, 0, chunk_bytes_max + 1}})
    CHECK(std::holds_alternative<caf::error>(
      pair.system.ask<tensor_chunk>((*pair.bulk)[0], request)));
}
