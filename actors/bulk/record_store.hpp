#pragma once

#include "core/span.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <openssl/bio.h>

#include <cstdint>
#include <vector>

namespace souk::actors::bulk {

/// Where OpenSSL reads and writes the records of a connection, so that many of them
/// come and go with one call of the kernel. OpenSSL's own reading ahead moves all that
/// it has to the front of its buffer for every record.
class record_store {
public:
  /// Reads from this socket, at first as much as a handshake needs.
  explicit record_store(boost::asio::ip::tcp::socket& socket);

  record_store(const record_store&) = delete;
  record_store& operator=(const record_store&) = delete;

  /// Makes OpenSSL's face of this, which must not outlive it. Throws `std::bad_alloc`.
  BIO* make_bio();

  /// From now on so many bytes may be read with one call.
  void read_ahead(std::size_t bytes);

  /// Takes what was written since the last time.
  void take_written(std::vector<std::uint8_t>& written);

private:
  static record_store& of(BIO* face);

  int read(core::span<std::uint8_t> into, std::size_t& bytes, BIO* face);
  bool refill();

  boost::asio::ip::tcp::socket& socket_;
  std::vector<std::uint8_t> written_;
  std::vector<std::uint8_t> received_;
  std::size_t begin_ = 0; ///< of what was received and not yet read
  std::size_t end_ = 0;
  bool has_ended_ = false; ///< the other side sends nothing more
};

} // namespace souk::actors::bulk
