#include "actors/bulk/channel.hpp"
#include "actors/bulk/security.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

// How a channel comes to be open; what it does then stands in channel.cpp.

namespace souk::actors::bulk {

using asio::ip::tcp;
using boost::system::error_code;

void channel::open(const core::bulk_address& address) {
  silence_.begin(shared_from_this(), [this] {
    close(core::errc::failed, "the process did not answer in time");
  });
  if (way_ == bulk_way::stream)
    connect_tcp(address);
  else
    connect_local(address);
}

void channel::connect_tcp(const core::bulk_address& address) {
  error_code wrong;
  const auto host = asio::ip::make_address(address.host, wrong);
  if (wrong || (!settings_->encryption && !host.is_loopback()))
    return close(core::errc::failed,
                 "the process can only be reached with TLS: " + address.host);
  connecting_ = std::make_shared<tcp::socket>(settings_->io->executor());
  if (!settings_->from.empty())
    connecting_->open(host.is_v4() ? tcp::v4() : tcp::v6(), wrong);
  // The port is chosen when the other end is known, so that all are free.
  const int yes = 1;
  if (!settings_->from.empty() && !wrong)
    setsockopt(connecting_->native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes,
               sizeof yes);
  if (!settings_->from.empty() && !wrong)
    connecting_->bind({asio::ip::make_address(settings_->from), 0}, wrong);
  if (wrong)
    return fail_connection(wrong);
  connecting_->async_connect(
    {host, address.port},
    [self = shared_from_this(), socket = connecting_](const error_code& failed) {
      if (failed || self->is_closed())
        return self->fail_connection(failed);
      const auto& encryption = self->settings_->encryption;
      self->stream_ = encryption ? make_tls_stream(std::move(*socket), *encryption)
                                 : make_tcp_stream(std::move(*socket));
      self->stream_->handshake(/*is_owner=*/false,
                               [self](const error_code& refused, std::size_t) {
                                 if (refused || self->is_closed())
                                   return self->fail_connection(refused);
                                 self->introduce();
                               });
    });
}

void channel::connect_local(const core::bulk_address& address) {
  asio::local::stream_protocol::socket socket{settings_->io->executor()};
  error_code failed;
  // A name that begins with a zero byte is abstract: it is no file.
  socket.connect(asio::local::stream_protocol::endpoint{'\0' + address.local}, failed);
  if (failed || !is_same_user(socket))
    return close(core::errc::failed, "no shared memory with this process");
  stream_ = make_local_stream(std::move(socket));
  introduce();
}

void channel::introduce() {
  hello_ = encode(hello{settings_->secret, way_});
  to_send_.assign(hello_.begin(), hello_.end());
  write();
  read_fully(stream_, reply_,
             [self = shared_from_this()](const error_code& failed, std::size_t) {
               if (failed || self->is_closed())
                 return self->fail_connection(failed);
               const auto answer = decode_reply(self->reply_);
               if (!answer || answer->status != reply_status::welcome)
                 return self->close(core::errc::corrupt_payload,
                                    "the process speaks another protocol");
               self->state_ = state::open;
               self->silence_.end();
               self->ask();
               self->read_reply();
             });
}

} // namespace souk::actors::bulk
