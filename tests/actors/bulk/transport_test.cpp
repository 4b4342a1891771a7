#include "actors/bulk/transport.hpp"

#include "core/error.hpp"
#include "tests/actors/bulk/stranger.hpp"
#include "tests/actors/bulk/two_processes.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

enum class way { tcp, tls, memory };

bulk::transport_options over(way chosen, const credentials& run) {
  auto options = run.options();
  options.shared_memory = chosen == way::memory;
  options.tcp =
    chosen == way::tls ? bulk::protection::mutual_tls : bulk::protection::secret;
  return options;
}

way every_way() {
  return GENERATE(way::tcp, way::tls, way::memory);
}

} // namespace

SCENARIO("tensors travel between processes", "[actors][bulk]") {
  const credentials run;
  const auto chosen = every_way();
  CAPTURE(static_cast<int>(chosen));
  two_processes pair{over(chosen, run)};

  SECTION("dense ones") {
    for (const std::size_t count : {1U, 1000U, 1U << 20U}) {
      const auto ticket = pair.offer_dense(count);
      CHECK(pair.reader.fetch(ticket).code == core::errc::none);
      CHECK(pair.has_arrived(ticket));
    }
  }
  SECTION("sparse ones") {
    const auto ticket = pair.offer_sparse(20'000);
    CHECK(pair.reader.fetch(ticket).code == core::errc::none);
    CHECK(pair.has_arrived(ticket));
  }
  SECTION("empty ones") {
    const auto ticket = pair.offer_sparse(0);
    CHECK(pair.reader.fetch(ticket).code == core::errc::none);
    CHECK(pair.has_arrived(ticket));
  }
  SECTION("newer ones of a slot, one after the other") {
    for (core::version_t version = 0; version < 20; ++version) {
      core::tensor_ticket ticket;
      ticket.version = version;
      // Others than the version before, whose numbers may still be read.
      ticket = pair.owner.tensors->offer(
        ticket, {{0, 9000, pair.numbers.data() + version}}, nullptr);
      CHECK(pair.reader.fetch(ticket).code == core::errc::none);
      CHECK(pair.has_arrived(ticket));
    }
  }
}

SCENARIO("many tensors travel at the same time", "[actors][bulk]") {
  const credentials run;
  auto options = over(every_way(), run);
  options.window_bytes = 300'000; // several, but not all
  two_processes pair{options};
  std::vector<core::tensor_ticket> tickets;
  std::vector<std::future<bulk::fetch_end>> pending;
  for (std::uint32_t block = 0; block < 200; ++block) {
    tickets.push_back(block % 2 == 0 ? pair.offer_dense(20'000 + block, block)
                                     : pair.offer_sparse(500 + block, block));
    pending.push_back(pair.reader.begin_fetch(tickets.back()));
    pending.push_back(pair.reader.begin_fetch(tickets.back()));
  }
  for (auto& one : pending)
    CHECK(bulk_process::end_of(std::move(one)).code == core::errc::none);
  for (const auto& ticket : tickets)
    CHECK(pair.has_arrived(ticket));
}

SCENARIO("tensors are asked for by several threads, and where one's end is told",
         "[actors][bulk]") {
  const credentials run;
  constexpr std::uint32_t threads = 4;
  constexpr std::uint32_t tensors = 100; // of each thread
  std::atomic<std::uint32_t> left{threads * tensors};
  std::promise<void> all_told;
  const auto told = [&](const bulk::fetch_end&) {
    if (--left == 0)
      all_told.set_value();
  };
  two_processes pair{over(every_way(), run)};
  std::vector<core::tensor_ticket> tickets;
  for (std::uint32_t block = 0; block < threads * tensors; ++block)
    tickets.push_back(pair.offer_dense(2'000 + block, block));
  const auto ask_for = [&](std::uint32_t first) {
    for (auto block = first; block < first + tensors; block += 2)
      pair.reader.transport->fetch(tickets[block], [&, block](const auto& how) {
        told(how);
        pair.reader.transport->fetch(tickets[block + 1], told);
      });
  };
  std::vector<std::thread> askers;
  for (std::uint32_t i = 0; i < threads; ++i)
    askers.emplace_back(ask_for, i * tensors);
  for (auto& asker : askers)
    asker.join();
  REQUIRE(all_told.get_future().wait_for(patience) == std::future_status::ready);
  for (const auto& ticket : tickets)
    CHECK(pair.has_arrived(ticket));
}

SCENARIO("who asks does not wait for the thread that fetches", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over(every_way(), run)};
  const auto first = pair.offer_dense(1000, 1);
  const auto second = pair.offer_dense(1000, 2);
  std::promise<void> is_told, has_asked;
  std::promise<bool> was_asked_meanwhile;
  pair.reader.transport->fetch(first, [&](const bulk::fetch_end&) {
    is_told.set_value();
    const auto in_time = has_asked.get_future().wait_for(patience);
    was_asked_meanwhile.set_value(in_time == std::future_status::ready);
  });
  REQUIRE(is_told.get_future().wait_for(patience) == std::future_status::ready);
  auto pending = pair.reader.begin_fetch(second);
  has_asked.set_value();
  CHECK(was_asked_meanwhile.get_future().get());
  CHECK(bulk_process::end_of(std::move(pending)).code == core::errc::none);
  CHECK(pair.has_arrived(second));
}

SCENARIO("whoever is asked is the one that was met last", "[actors][bulk]") {
  const credentials run;
  const auto options = over(every_way(), run);
  two_processes pair{options};
  const bulk_process other{0, options};
  for (std::uint32_t i = 0; i < 100; ++i) {
    core::tensor_ticket ticket;
    ticket.block = i;
    const auto& owner = i % 2 == 0 ? pair.owner : other;
    ticket = owner.tensors->offer(ticket, {{0, 500, pair.numbers.data()}}, nullptr);
    pair.reader.transport->meet({owner.transport->address()});
    const auto end = pair.reader.fetch(ticket);
    INFO(i << ": " << end.reason);
    CHECK(end.code == core::errc::none);
  }
}

SCENARIO("a tensor that is there is not fetched again", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over(every_way(), run)};
  const auto ticket = pair.offer_dense(5000);
  REQUIRE(pair.reader.fetch(ticket).code == core::errc::none);
  const auto first = pair.reader.tensors->find(ticket);
  REQUIRE(pair.reader.fetch(ticket).code == core::errc::none);
  CHECK(pair.reader.tensors->find(ticket) == first);
}

SCENARIO("a tensor that cannot be had is refused", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over(every_way(), run)};
  auto ticket = pair.offer_dense(5000);

  SECTION("when it was withdrawn") {
    pair.owner.tensors->release(ticket);
    CHECK(pair.reader.fetch(ticket).code == core::errc::unknown_ticket);
  }
  SECTION("when its length is another") {
    --ticket.length;
    CHECK(pair.reader.fetch(ticket).code == core::errc::unknown_ticket);
  }
  SECTION("when its process is unknown") {
    ticket.process = 7;
    CHECK(pair.reader.fetch(ticket).code == core::errc::unknown_ticket);
  }
  SECTION("when it is this process's own and no longer there") {
    ticket.process = 1;
    CHECK(pair.reader.fetch(ticket).code == core::errc::unknown_ticket);
  }
  SECTION("when its length is beyond what a process allocates") {
    ticket.length = bulk::payload_bytes_max + 1;
    CHECK(pair.reader.fetch(ticket).code == core::errc::too_large);
  }
  // None of this ends the connection.
  const auto next = pair.offer_dense(3000, 1);
  CHECK(pair.reader.fetch(next).code == core::errc::none);
}

SCENARIO("a tensor larger than the window travels alone", "[actors][bulk]") {
  const credentials run;
  auto options = over(every_way(), run);
  options.window_bytes = 10;
  two_processes pair{options};
  const auto first = pair.offer_dense(50'000, 1);
  const auto second = pair.offer_dense(60'000, 2);
  auto pending = pair.reader.begin_fetch(first);
  CHECK(pair.reader.fetch(second).code == core::errc::none);
  CHECK(bulk_process::end_of(std::move(pending)).code == core::errc::none);
  CHECK((pair.has_arrived(first) && pair.has_arrived(second)));
}

SCENARIO("an owner that is gone fails its fetches, its successor serves",
         "[actors][bulk]") {
  const credentials run;
  const auto options = over(every_way(), run);
  two_processes pair{options};
  const auto first = pair.offer_dense(5000, 1);
  const auto second = pair.offer_dense(5000, 2);
  REQUIRE(pair.reader.fetch(first).code == core::errc::none);
  pair.owner.transport.reset();
  CHECK(pair.reader.fetch(second).code == core::errc::failed);
  CHECK(pair.reader.fetch(second).code == core::errc::failed);
  pair.owner.transport = std::make_unique<bulk::transport>(pair.owner.tensors, options);
  pair.meet();
  CHECK(pair.reader.fetch(second).code == core::errc::none);
  CHECK(pair.has_arrived(second));
}

SCENARIO("a process that is given up in the middle of a tensor fails that one",
         "[actors][bulk]") {
  const credentials run;
  const auto chosen = every_way();
  two_processes pair{over(chosen, run)};
  for (std::uint32_t i = 0; i < 100; ++i) {
    CAPTURE(static_cast<int>(chosen), i);
    const auto ticket = pair.offer_dense(1 << 20, i);
    auto pending = pair.reader.begin_fetch(ticket);
    // Bytes that were read by then, but not told of yet, come too late.
    std::this_thread::sleep_for(std::chrono::microseconds{20 * i});
    pair.reader.transport->meet({});
    const auto code = bulk_process::end_of(std::move(pending)).code;
    CHECK((code == core::errc::failed || code == core::errc::none
           || code == core::errc::unknown_ticket));
    pair.meet();
    const auto again = pair.reader.fetch(ticket);
    INFO(again.reason);
    CHECK(again.code == core::errc::none);
    CHECK(pair.has_arrived(ticket));
    pair.reader.tensors->release(ticket);
    pair.owner.tensors->release(ticket);
  }
}

SCENARIO("what is under way when a process ends fails", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over(every_way(), run)};
  std::vector<std::future<bulk::fetch_end>> pending;
  for (std::uint32_t block = 0; block < 20; ++block)
    pending.push_back(pair.reader.begin_fetch(pair.offer_dense(1 << 20, block)));
  pair.reader.transport.reset();
  for (auto& one : pending) {
    const auto code = bulk_process::end_of(std::move(one)).code;
    CHECK((code == core::errc::failed || code == core::errc::none));
  }
}

SCENARIO("who asks again when told that the process ends is told so again",
         "[actors][bulk]") {
  const credentials run;
  std::promise<bulk::fetch_end> first, second;
  two_processes pair{over(every_way(), run)};
  const false_owner silent; // it never answers
  pair.reader.transport->meet({silent.address()});
  auto& transport = *pair.reader.transport;
  core::tensor_ticket ticket;
  ticket.length = 1000;
  transport.fetch(ticket, [&](const bulk::fetch_end& end) {
    first.set_value(end);
    transport.fetch(ticket,
                    [&](const bulk::fetch_end& again) { second.set_value(again); });
  });
  pair.reader.transport.reset();
  for (auto* told : {&first, &second}) {
    auto end = told->get_future();
    REQUIRE(end.wait_for(patience) == std::future_status::ready);
    CHECK(end.get().code == core::errc::failed);
  }
}

TEST_CASE("nobody listens beyond loopback with credentials of a run",
          "[actors][bulk]") {
  const credentials run;
  auto options = over(way::tcp, run);
  options.host = "0.0.0.0";
  CHECK_THROWS_AS(bulk::transport(std::make_shared<bulk::exchange>(), options),
                  core::error);
  // A run's certificate is of no address.
  options.tcp = bulk::protection::mutual_tls;
  CHECK_THROWS_AS(bulk::transport(std::make_shared<bulk::exchange>(), options),
                  core::error);
}

TEST_CASE("nobody is asked beyond loopback without TLS", "[actors][bulk]") {
  const credentials run;
  two_processes pair{over(way::tcp, run)};
  auto far = pair.owner.transport->address();
  far.host = "192.0.2.1"; // kept for documentation
  pair.reader.transport->meet({far});
  CHECK(pair.reader.fetch(pair.offer_dense(10)).code == core::errc::failed);
}

TEST_CASE("a missing or short secret is an error", "[actors][bulk]") {
  const credentials run;
  const auto options = run.options();
  run.folder.write("secret", "too short");
  CHECK_THROWS_AS(bulk::transport(std::make_shared<bulk::exchange>(), options),
                  core::error);
}
