#include "actors/bulk/record_store.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>

namespace souk::actors::bulk {

namespace {

constexpr std::size_t first_read_bytes = std::size_t{16} << 10U;

} // namespace

record_store::record_store(boost::asio::ip::tcp::socket& socket)
  : socket_{socket}, received_(first_read_bytes) {
  // nop
}

record_store& record_store::of(BIO* face) {
  return *static_cast<record_store*>(BIO_get_data(face));
}

BIO* record_store::make_bio() {
  static BIO_METHOD* const method = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "records");
    BIO_meth_set_write_ex(
      made, [](BIO* face, const char* from, std::size_t size, std::size_t* taken) {
        auto& to = of(face).written_;
        // As bytes of the same type they are copied at once.
        const auto* first = reinterpret_cast<const std::uint8_t*>(from);
        to.insert(to.end(), first, first + size);
        *taken = size;
        return 1;
      });
    BIO_meth_set_read_ex(made, [](BIO* face, char* into, std::size_t size,
                                  std::size_t* bytes) {
      return of(face).read({reinterpret_cast<std::uint8_t*>(into), size}, *bytes, face);
    });
    BIO_meth_set_ctrl(made, [](BIO* face, int command, long, void*) {
      if (command == BIO_CTRL_EOF)
        return of(face).has_ended_ ? 1L : 0L;
      return command == BIO_CTRL_FLUSH ? 1L : 0L;
    });
    return made;
  }();
  auto* face = BIO_new(method);
  if (face == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(face, this);
  BIO_set_init(face, 1);
  return face;
}

void record_store::read_ahead(std::size_t bytes) {
  std::vector<std::uint8_t> larger(std::max(bytes, end_ - begin_));
  end_ = static_cast<std::size_t>(
    std::copy_n(received_.data() + begin_, end_ - begin_, larger.data())
    - larger.data());
  begin_ = 0;
  received_ = std::move(larger);
}

void record_store::take_written(std::vector<std::uint8_t>& written) {
  written.clear();
  written.swap(written_);
}

int record_store::read(core::span<std::uint8_t> into, std::size_t& bytes, BIO* face) {
  BIO_clear_retry_flags(face);
  bytes = 0;
  if (begin_ == end_ && refill())
    BIO_set_retry_read(face);
  bytes = std::min(into.size(), end_ - begin_);
  std::copy_n(received_.data() + begin_, bytes, into.data());
  begin_ += bytes;
  return bytes > 0 ? 1 : 0;
}

/// Whether one has to wait for more.
bool record_store::refill() {
  const auto received =
    recv(socket_.native_handle(), received_.data(), received_.size(), MSG_DONTWAIT);
  begin_ = 0;
  end_ = static_cast<std::size_t>(std::max<ssize_t>(0, received));
  has_ended_ = received == 0;
  return received < 0 && (errno == EAGAIN || errno == EINTR);
}

} // namespace souk::actors::bulk
