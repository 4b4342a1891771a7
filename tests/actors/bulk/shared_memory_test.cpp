#include "actors/bulk/transport.hpp"
#include "core/shareable_memory.hpp"
#include "tests/actors/bulk/two_processes.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

bulk::transport_options over_memory(const credentials& run) {
  auto options = run.options();
  options.shared_memory = true;
  return options;
}

/// How often this process maps memory that can be shared.
std::size_t shared_mappings() {
  std::ifstream file{"/proc/self/maps"};
  std::size_t found = 0;
  for (std::string line; std::getline(file, line);)
    found += line.find("/memfd:souk") != std::string::npos ? 1 : 0;
  return found;
}

/// Whether something comes true before patience ends.
template <class Condition>
bool soon(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

} // namespace

SCENARIO("where shared memory cannot be used TCP is", "[actors][bulk]") {
  const credentials run;
  auto options = over_memory(run);

  SECTION("because none is left") {
    options.shared_bytes_max = 0;
    two_processes pair{options};
    const auto ticket = pair.offer_dense(5000);
    CHECK(pair.reader.fetch(ticket).code == core::errc::none);
    CHECK(pair.has_arrived(ticket));
  }
  SECTION("because the owner is on another host") {
    two_processes pair{options};
    auto elsewhere = pair.owner.transport->address();
    elsewhere.local = "a-name-that-nobody-has-here";
    pair.reader.transport->meet({elsewhere});
    const auto ticket = pair.offer_dense(5000);
    CHECK(pair.reader.fetch(ticket).code == core::errc::none);
    CHECK(pair.has_arrived(ticket));
  }
}

SCENARIO("numbers in memory that can be shared are read where they lie",
         "[actors][bulk]") {
  const credentials run;
  two_processes pair{over_memory(run)};
  core::share_memory(pair.owner.transport->has_neighbours());
  constexpr std::size_t count = 1U << 19U;
  auto numbers = std::make_shared<core::shareable_vector<float>>(count, 1.0F);
  const auto offer = [&](core::version_t version) {
    core::tensor_ticket ticket;
    ticket.version = version;
    auto* const values = numbers->data();
    // Some lie elsewhere.
    return pair.owner.tensors->offer(
      ticket,
      {{0, 5, values}, {9, 3, pair.numbers.data()}, {99, 7, values + count - 7}},
      numbers);
  };
  const auto ticket = offer(1);
  REQUIRE(pair.reader.fetch(ticket).code == core::errc::none);
  CHECK(pair.has_arrived(ticket));
  auto arrived = pair.reader.tensors->find(ticket);

  SECTION("without a copy") {
    numbers->front() = 5;
    numbers->back() = 6;
    CHECK(arrived->runs[0].values[0] == 5);
    CHECK(arrived->runs[2].values[6] == 6);
  }
  SECTION("which are kept until they were read") {
    const std::weak_ptr<const void> memory = numbers;
    numbers.reset();
    pair.owner.tensors->release(ticket);
    CHECK_FALSE(memory.expired());
    CHECK(arrived->runs[2].values[6] == 1);
    arrived.reset();
    pair.reader.tensors->release(ticket);
    CHECK(soon([&] { return memory.expired(); }));
  }
  SECTION("and stay readable when their owner is gone") {
    pair.owner.transport.reset();
    pair.owner.tensors->release(ticket);
    numbers.reset();
    CHECK(arrived->runs[2].values[6] == 1);
  }
  SECTION("which is let go of when the last reader gives it back") {
    const auto before = shared_mappings();
    pair.owner.tensors->release(ticket);
    numbers.reset();
    arrived.reset();
    pair.reader.tensors->release(ticket);
    CHECK(soon([&] { return shared_mappings() <= before - 2; }));
  }
  SECTION("and whose reader lets go of memory that was freed") {
    arrived.reset();
    core::version_t version = 1;
    const auto goes_on = [&] {
      const auto next = offer(++version);
      return pair.reader.fetch(next).code == core::errc::none && pair.has_arrived(next);
    };
    REQUIRE(goes_on()); // two segments take turns from now on
    const auto before = shared_mappings();
    numbers = std::make_shared<core::shareable_vector<float>>(count, 2.0F);
    CHECK(goes_on());
    // It is told with the first answer after the older numbers were given back.
    CHECK(soon([&] { return goes_on() && shared_mappings() <= before; }));
  }
}

TEST_CASE("only who is on this host and shares memory is a neighbour",
          "[actors][bulk]") {
  const credentials run;
  two_processes pair{over_memory(run)};
  const auto own = pair.owner.transport->address();
  auto other = pair.reader.transport->address();
  CHECK(pair.owner.transport->has_neighbours());
  SECTION("not oneself") {
    pair.owner.transport->meet({own});
  }
  SECTION("not who is elsewhere") {
    other.host = "10.0.0.2";
    pair.owner.transport->meet({own, other});
  }
  SECTION("not who has no shared memory") {
    other.local.clear();
    pair.owner.transport->meet({own, other});
  }
  CHECK_FALSE(pair.owner.transport->has_neighbours());
}

SCENARIO("what was read from shared memory outlives its owner", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over_memory(run)};
  const auto ticket = pair.offer_dense(100'000);
  REQUIRE(pair.reader.fetch(ticket).code == core::errc::none);
  pair.owner.transport.reset();
  pair.reader.transport.reset();
  CHECK(pair.has_arrived(ticket));
}
