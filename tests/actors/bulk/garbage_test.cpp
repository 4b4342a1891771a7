#include "tests/actors/bulk/stranger.hpp"
#include "tests/actors/bulk/two_processes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

using namespace souk;
using namespace souk::tests;

namespace {

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t pages = 0;
  file >> pages >> pages;
  return pages * 4096;
}

#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer holds on to 256 MB of what was freed.
constexpr std::uint64_t growth_max = std::uint64_t{64 + 256} << 20;
#else
constexpr std::uint64_t growth_max = std::uint64_t{64} << 20;
#endif

/// Changes, cuts or repeats some of the bytes.
void damage(std::vector<std::uint8_t>& bytes, std::mt19937& draw) {
  const auto below = [&](std::size_t limit) {
    return draw() % limit;
  };
  for (auto changes = 1 + below(4); changes > 0; --changes)
    switch (const auto place = below(bytes.size()); below(4)) {
    case 0:
      bytes[place] ^= static_cast<std::uint8_t>(1U << below(8));
      break;
    case 1:
      bytes[place] = static_cast<std::uint8_t>(draw());
      break;
    case 2:
      bytes.resize(place + 1);
      break;
    default:
      for (std::size_t i = 0; i < place; ++i)
        bytes.push_back(bytes[i]);
    }
}

template <class Frame>
void append(std::vector<std::uint8_t>& bytes, const Frame& frame) {
  std::copy(frame.begin(), frame.end(), std::back_inserter(bytes));
}

} // namespace

SCENARIO("an owner survives thousands of damaged conversations", "[actors][bulk]") {
  const credentials run;
  two_processes pair{run.options()};
  bulk::hello words;
  std::ifstream{run.files.secret, std::ios::binary}.read(
    reinterpret_cast<char*>(words.secret.data()), 32);
  bulk::request wish;
  wish.ticket = pair.offer_dense(3000);
  std::mt19937 draw{20260101};
  const auto before = resident_bytes();
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> bytes;
    append(bytes, encode(words));
    for (wish.number = 0; wish.number < 3; ++wish.number)
      append(bytes, encode(wish));
    // Most damage lies behind the secret, else nothing but it would be tested.
    std::vector<std::uint8_t> head;
    if (i % 8 != 0) {
      head.assign(bytes.begin(), bytes.begin() + 40);
      bytes.erase(bytes.begin(), bytes.begin() + 40);
    }
    damage(bytes, draw);
    auto peer = stranger::at(pair.owner.transport->address());
    peer.send(head);
    peer.send(bytes);
    peer.finish_sending();
    REQUIRE_NOTHROW(peer.receive_to_end());
  }
  CHECK(resident_bytes() < before + growth_max);
  CHECK(pair.reader.fetch(wish.ticket).code == core::errc::none);
}

SCENARIO("a fetcher survives a thousand damaged replies", "[actors][bulk]") {
  const credentials run;
  auto options = run.options();
  options.stall_timeout = std::chrono::milliseconds{500};
  const bulk_process reader{1, options};
  false_owner owner;
  std::mt19937 draw{20260102};
  const auto before = resident_bytes();
  for (int i = 0; i < 1000; ++i) {
    core::tensor_ticket ticket;
    ticket.length = 2000;
    reader.transport->meet({}); // what is left of the last connection
    reader.transport->meet({owner.address()});
    auto pending = reader.begin_fetch(ticket);
    bulk::reply header;
    header.status = bulk::reply_status::bytes;
    header.length = ticket.length;
    std::vector<std::uint8_t> bytes;
    append(bytes, encode(header));
    bytes.resize(bytes.size() + ticket.length, static_cast<std::uint8_t>(i));
    damage(bytes, draw);
    {
      auto peer = owner.accept();
      peer.send(bytes);
    }
    REQUIRE(bulk_process::end_of(std::move(pending)).code != core::errc::none);
  }
  CHECK(resident_bytes() < before + growth_max);
}
