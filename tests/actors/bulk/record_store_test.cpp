#include "actors/bulk/record_store.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <poll.h>

#include <string>

using namespace souk::actors;
namespace asio = boost::asio;

namespace {

/// A store that reads from a connection, and the connection's other end.
struct connected_store {
  connected_store() {
    asio::ip::tcp::acceptor door{io, {asio::ip::address_v4::loopback(), 0}};
    peer.connect(door.local_endpoint());
    door.accept(own);
  }

  ~connected_store() {
    BIO_free(face);
  }

  /// What can be read, of at most so many bytes; waits for some if there are to be any.
  std::string read(std::size_t bytes_max, bool some = true) {
    pollfd arrived{own.native_handle(), POLLIN, 0};
    if (some)
      poll(&arrived, 1, 100);
    std::string room(bytes_max, '\0');
    std::size_t bytes = 0;
    BIO_read_ex(face, room.data(), room.size(), &bytes);
    room.resize(bytes);
    return room;
  }

  void send(const std::string& text) {
    asio::write(peer, asio::buffer(text));
  }

  asio::io_context io;
  asio::ip::tcp::socket own{io}, peer{io};
  bulk::record_store store{own};
  BIO* face = store.make_bio();
};

} // namespace

TEST_CASE("records are read from what came with one call", "[actors][bulk]") {
  connected_store end;
  CHECK(end.read(5, /*some=*/false).empty());
  CHECK(BIO_should_retry(end.face));
  CHECK_FALSE(BIO_eof(end.face));
  end.send("abcdefg");
  CHECK(end.read(3) == "abc");
  end.store.read_ahead(100); // what is there stays
  end.send("hij");
  CHECK(end.read(100) == "defg");
  CHECK(end.read(100) == "hij");
  CHECK(end.read(100, /*some=*/false).empty());
  CHECK(BIO_should_retry(end.face));
}

TEST_CASE("the end of a connection is no reason to wait", "[actors][bulk]") {
  connected_store end;
  end.send("z");
  end.peer.close();
  CHECK(end.read(5) == "z");
  CHECK(end.read(5).empty());
  CHECK_FALSE(BIO_should_retry(end.face));
  CHECK(BIO_eof(end.face));
  end.own.close();
  CHECK(end.read(5, /*some=*/false).empty());
  CHECK_FALSE(BIO_should_retry(end.face));
}

TEST_CASE("what is written stays until it is taken", "[actors][bulk]") {
  connected_store end;
  for (const std::string text : {"ab", "cde"})
    CHECK(BIO_write(end.face, text.data(), static_cast<int>(text.size()))
          == static_cast<int>(text.size()));
  std::vector<std::uint8_t> taken{1, 2, 3};
  end.store.take_written(taken);
  CHECK(std::string(taken.begin(), taken.end()) == "abcde");
  end.store.take_written(taken);
  CHECK(taken.empty());
}
