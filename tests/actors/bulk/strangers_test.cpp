#include "tests/actors/bulk/stranger.hpp"
#include "tests/actors/bulk/two_processes.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace souk;
using namespace souk::tests;

namespace {

bulk::secret_token secret_of(const credentials& run) {
  bulk::secret_token secret{};
  std::ifstream file{run.files.secret, std::ios::binary};
  file.read(reinterpret_cast<char*>(secret.data()), 32);
  return secret;
}

/// A reader whose owner is somebody false.
struct deceived {
  explicit deceived(const bulk::transport_options& options) : reader{1, options} {
    reader.transport->meet({owner.address()});
    ticket.length = 1'000'000;
  }

  bulk::reply header() const {
    bulk::reply header;
    header.status = bulk::reply_status::bytes;
    header.length = ticket.length;
    return header;
  }

  false_owner owner;
  bulk_process reader;
  core::tensor_ticket ticket;
};

} // namespace

SCENARIO("who does not belong to the run is not let in", "[actors][bulk]") {
  const credentials run;
  two_processes pair{run.options()};
  auto intruder = stranger::at(pair.owner.transport->address());

  SECTION("without the secret") {
    auto secret = secret_of(run);
    secret.back() ^= 1U;
    intruder.send(encode(bulk::hello{secret, bulk::bulk_way::stream}));
    CHECK(intruder.receive_to_end() == 0);
  }
  SECTION("with the secret but another protocol") {
    auto frame = encode(bulk::hello{secret_of(run), bulk::bulk_way::stream});
    frame[36] ^= 1U; // the version
    intruder.send(frame);
    CHECK(intruder.receive_to_end() == 0);
  }
  SECTION("over a way that this is not") {
    intruder.send(encode(bulk::hello{secret_of(run), bulk::bulk_way::shared_memory}));
    CHECK(intruder.receive_to_end() == 0);
  }
  CHECK(pair.reader.fetch(pair.offer_dense(100)).code == core::errc::none);
}

SCENARIO("a process of another run gets nothing", "[actors][bulk]") {
  const credentials run;
  const credentials other_run;
  auto options = run.options();
  auto other_options = other_run.options();
  const auto chosen = GENERATE(bulk::protection::secret, bulk::protection::mutual_tls);
  options.tcp = other_options.tcp = chosen;
  // The certificate alone is enough to be refused.
  if (chosen == bulk::protection::mutual_tls)
    other_options.credentials.secret = run.files.secret;
  two_processes pair{options};
  const bulk_process intruder{2, other_options};
  intruder.transport->meet({pair.owner.transport->address()});
  const auto ticket = pair.offer_dense(100);
  const auto refused = intruder.fetch(ticket);
  CHECK(refused.code == core::errc::failed);
  if (chosen == bulk::protection::mutual_tls)
    CHECK_THAT(refused.reason, Catch::Contains("of another authority"));
  CHECK(pair.reader.fetch(ticket).code == core::errc::none);
}

SCENARIO("plain text at a TLS port ends that connection only", "[actors][bulk]") {
  const credentials run;
  auto options = run.options();
  options.tcp = bulk::protection::mutual_tls;
  two_processes pair{options};
  auto plain = stranger::at(pair.owner.transport->address());
  plain.send(encode(bulk::hello{secret_of(run), bulk::bulk_way::stream}));
  CHECK_NOTHROW(plain.receive_to_end()); // an alert perhaps
  CHECK(pair.reader.fetch(pair.offer_dense(100)).code == core::errc::none);
}

SCENARIO("a TLS fetcher at a plain port fails", "[actors][bulk]") {
  const credentials run;
  auto options = run.options();
  const bulk_process owner{0, options};
  options.tcp = bulk::protection::mutual_tls;
  const bulk_process reader{1, options};
  reader.transport->meet({owner.transport->address()});
  CHECK(reader.fetch({}).code == core::errc::failed);
}

SCENARIO("an owner closes on malformed requests", "[actors][bulk]") {
  const credentials run;
  auto options = run.options();
  options.stall_timeout = std::chrono::milliseconds{200};
  two_processes pair{options};
  auto insider = stranger::at(pair.owner.transport->address());
  SECTION("a hello that never ends") {
    insider.send(std::vector<std::uint8_t>(5));
    CHECK(insider.receive_to_end() == 0);
  }
  insider.send(encode(bulk::hello{secret_of(run), bulk::bulk_way::stream}));
  bulk::request wish;
  wish.ticket = pair.offer_dense(100);
  const auto frame = encode(wish);
  SECTION("one that is cut short") {
    insider.send(std::vector<std::uint8_t>(frame.begin(), frame.end() - 1));
    insider.finish_sending();
    CHECK(insider.receive_to_end() == bulk::reply_frame{}.size());
  }
  SECTION("one that never ends") {
    insider.send(std::vector<std::uint8_t>(frame.begin(), frame.end() - 1));
    CHECK(insider.receive_to_end() == bulk::reply_frame{}.size());
  }
  SECTION("segments given back that were never lent") {
    wish.kind = bulk::request_kind::give_back;
    insider.send(encode(wish));
    CHECK(insider.receive_to_end() == bulk::reply_frame{}.size());
  }
  CHECK(pair.reader.fetch(wish.ticket).code == core::errc::none);
}

SCENARIO("an owner refuses too long a length", "[actors][bulk]") {
  const credentials run;
  two_processes pair{run.options()};
  auto insider = stranger::at(pair.owner.transport->address());
  insider.send(encode(bulk::hello{secret_of(run), bulk::bulk_way::stream}));
  insider.receive<bulk::reply_frame>();
  bulk::request wish;
  wish.number = 5;
  wish.ticket.length = bulk::payload_bytes_max + 1;
  insider.send(encode(wish));
  const auto answer = bulk::decode_reply(insider.receive<bulk::reply_frame>());
  REQUIRE(answer);
  CHECK(answer->status == bulk::reply_status::too_large);
  CHECK(answer->number == 5);
}

SCENARIO("a fetch fails when its owner", "[actors][bulk]") {
  const credentials run;
  auto options = run.options();
  options.stall_timeout = std::chrono::milliseconds{200};
  deceived victim{options};
  auto pending = victim.reader.begin_fetch(victim.ticket);
  auto expected = core::errc::failed;

  SECTION("dies before it answers") {
    victim.owner.accept();
  }
  SECTION("dies in the middle of a transfer") {
    auto fetcher = victim.owner.accept();
    fetcher.send(encode(victim.header()));
    fetcher.send(std::vector<std::uint8_t>(500'000));
  }
  SECTION("never welcomes it") {
    const auto fetcher = victim.owner.accept_silently();
    CHECK(bulk_process::end_of(std::move(pending)).code == expected);
    return;
  }
  SECTION("falls silent in the middle of a transfer") {
    auto fetcher = victim.owner.accept();
    fetcher.send(encode(victim.header()));
    fetcher.send(std::vector<std::uint8_t>(500'000));
    CHECK(bulk_process::end_of(std::move(pending)).code == expected);
    return;
  }
  expected = core::errc::failed;
  SECTION("announces another length") {
    auto header = victim.header();
    header.length = bulk::payload_bytes_max;
    victim.owner.accept().send(encode(header));
    expected = core::errc::corrupt_payload;
  }
  SECTION("answers something else") {
    auto header = victim.header();
    header.number = 1;
    victim.owner.accept().send(encode(header));
    expected = core::errc::corrupt_payload;
  }
  SECTION("names a segment of shared memory over TCP") {
    auto header = victim.header();
    header.status = bulk::reply_status::new_segment;
    victim.owner.accept().send(encode(header));
    expected = core::errc::corrupt_payload;
  }
  SECTION("shows its memory over TCP") {
    auto header = victim.header();
    header.status = bulk::reply_status::piece;
    victim.owner.accept().send(encode(header));
    expected = core::errc::corrupt_payload;
  }
  SECTION("sends bytes that are no tensor") {
    auto fetcher = victim.owner.accept();
    const std::vector<std::uint8_t> bytes(victim.ticket.length);
    fetcher.send(encode(victim.header()));
    fetcher.send(bytes);
    expected = core::errc::corrupt_payload;
  }
  CHECK(bulk_process::end_of(std::move(pending)).code == expected);
}

SCENARIO("fetches from a process that is replaced fail at once", "[actors][bulk]") {
  const credentials run;
  deceived victim{run.options()};
  auto pending = victim.reader.begin_fetch(victim.ticket);
  const auto fetcher = victim.owner.accept();
  const bulk_process successor{0, run.options()};
  victim.reader.transport->meet({successor.transport->address()});
  CHECK(bulk_process::end_of(std::move(pending)).code == core::errc::failed);
}
