#include "actors/bulk/byte_stream.hpp"
#include "actors/bulk/security.hpp"
#include "tests/actors/bulk/octets.hpp"
#include "tests/support/cluster_certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

using namespace souk;
using namespace souk::tests;
namespace asio = boost::asio;
namespace bulk = souk::actors::bulk;

namespace {

bulk::tls_context context_of(bulk::credentials own) {
  own.addresses_are_checked = false; // both are at 127.0.0.1
  return {own, bulk::conversation::bulk};
}

/// Two ends of a connection over loopback, in one thread.
struct stream_pair {
  stream_pair(const bulk::credentials& here, const bulk::credentials& there)
    : client_context{context_of(here)}, server_context{context_of(there)} {
    asio::ip::tcp::acceptor door{io, {asio::ip::address_v4::loopback(), 0}};
    asio::ip::tcp::socket one{io};
    asio::ip::tcp::socket other{io};
    one.connect(door.local_endpoint());
    door.accept(other);
    client = bulk::make_tls_stream(std::move(one), client_context);
    server = bulk::make_tls_stream(std::move(other), server_context);
  }

  /// Whether both ends agree.
  bool shake_hands() {
    auto agreed = 0;
    const auto count = [&](const boost::system::error_code& failed, std::size_t) {
      agreed += failed ? 0 : 1;
    };
    client->handshake(/*is_owner=*/false, count);
    server->handshake(/*is_owner=*/true, count);
    run();
    return agreed == 2;
  }

  void run() {
    io.restart();
    io.run();
  }

  asio::io_context io;
  bulk::tls_context client_context;
  bulk::tls_context server_context;
  std::shared_ptr<bulk::byte_stream> client;
  std::shared_ptr<bulk::byte_stream> server;
};

/// Writes pieces until all is written.
struct writing {
  bulk::byte_stream& to;
  std::vector<bulk::encoding::piece> pieces;
  bool has_failed = false;

  void go_on() {
    if (pieces.empty())
      return;
    to.write_some(
      pieces, [this](const boost::system::error_code& failed, std::size_t bytes) {
        has_failed = static_cast<bool>(failed);
        if (has_failed)
          return;
        while (!pieces.empty() && bytes >= pieces.front().size()) {
          bytes -= pieces.front().size();
          pieces.erase(pieces.begin());
        }
        if (!pieces.empty())
          pieces.front() = pieces.front().subspan(bytes, pieces.front().size() - bytes);
        go_on();
      });
  }
};

/// Reads parts of these lengths in turn until so much is there.
struct reading {
  bulk::byte_stream& from;
  std::size_t wanted;
  std::vector<std::size_t> lengths;
  octets came;
  octets room;
  std::size_t turn = 0;
  bool has_failed = false;

  void go_on() {
    if (came.size() >= wanted)
      return;
    room.resize(std::min(wanted - came.size(), lengths[turn++ % lengths.size()]));
    from.read_some(room,
                   [this](const boost::system::error_code& failed, std::size_t bytes) {
                     has_failed = static_cast<bool>(failed);
                     if (has_failed)
                       return;
                     came.insert(came.end(), room.begin(),
                                 room.begin() + static_cast<std::ptrdiff_t>(bytes));
                     go_on();
                   });
  }
};

} // namespace

SCENARIO("pieces of all lengths arrive over TLS, whatever is read at once",
         "[actors][bulk][tls]") {
  const cluster_certificates certificates;
  stream_pair pair{certificates.first(), certificates.second()};
  REQUIRE(pair.shake_hands());
  const auto lengths =
    GENERATE(std::vector<std::size_t>{36, 100, 2'000'000, 50}, // a frame and a tensor
             std::vector<std::size_t>(64, 8193), // as many records as there may be
             std::vector<std::size_t>{0, 5, 0, 0, 16384, 0, 16385, 1, 0},
             std::vector<std::size_t>{16383, 1, 16384, 262'144, 262'145});
  const auto at_once = GENERATE(std::vector<std::size_t>{1'000'000},
                                std::vector<std::size_t>{36, 16'384, 7, 100'000});
  draws from{16};
  std::deque<octets> parts;
  octets all;
  std::vector<bulk::encoding::piece> pieces;
  for (const auto length : lengths) {
    parts.push_back(from.some(length));
    all.insert(all.end(), parts.back().begin(), parts.back().end());
    pieces.emplace_back(parts.back().data(), parts.back().size());
  }
  const auto is_owner = GENERATE(false, true);
  writing sender{is_owner ? *pair.server : *pair.client, pieces};
  reading receiver{is_owner ? *pair.client : *pair.server, all.size(), at_once, {}, {}};
  receiver.go_on();
  sender.go_on();
  pair.run();
  CHECK_FALSE(sender.has_failed);
  CHECK_FALSE(receiver.has_failed);
  CHECK((receiver.came == all));
}

SCENARIO("who refused says why to who connected", "[actors][bulk][tls]") {
  const cluster_certificates certificates;
  const cluster_certificates other_cluster;
  stream_pair pair{other_cluster.first(), certificates.second()};
  CHECK_FALSE(pair.shake_hands());
  CHECK_THAT(pair.server->refusal() + pair.client->refusal(),
             Catch::Contains("its certificate is of another authority"));
}

SCENARIO("the end of a connection ends what reads", "[actors][bulk][tls]") {
  const cluster_certificates certificates;
  stream_pair pair{certificates.first(), certificates.second()};
  REQUIRE(pair.shake_hands());
  reading receiver{*pair.client, 1000, {1000}, {}, {}};
  octets text{1, 2, 3};
  writing sender{*pair.server, {{text.data(), text.size()}}};
  receiver.go_on();
  sender.go_on();
  pair.io.restart();
  while (receiver.came.size() < text.size() && pair.io.run_one() > 0)
    continue;
  pair.server->close();
  pair.run();
  CHECK(receiver.has_failed);
  CHECK(receiver.came == text);
  CHECK(pair.client->refusal().empty());
}
