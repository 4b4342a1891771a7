#include "tests/benchmarks/two_ends.hpp"

#include "core/error.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <numeric>

namespace souk::benchmarks {

namespace {

namespace bulk = actors::bulk;
using numbers = core::aligned_vector<float>;

constexpr std::chrono::minutes patience{1};

class raw_echo : public round_trips {
public:
  raw_echo(int socket, std::size_t count) : socket_{socket}, numbers_(count, 1.0F) {
    // nop
  }

  ~raw_echo() override {
    close(socket_);
  }

  void ask() override {
    send_all(socket_, numbers_.data(), numbers_.size() * sizeof(float));
    receive_all(socket_, numbers_.data(), numbers_.size() * sizeof(float));
  }

  void answer() override {
    receive_all(socket_, numbers_.data(), numbers_.size() * sizeof(float));
    send_all(socket_, numbers_.data(), numbers_.size() * sizeof(float));
  }

private:
  int socket_;
  numbers numbers_;
};

/// An address as it goes over the control socket.
struct address_words {
  std::uint16_t port = 0;
  std::array<char, 100> local{};
};

class exchange_trips : public round_trips {
public:
  exchange_trips(int control,
                 std::uint32_t process,
                 const bulk::transport_options& how,
                 std::size_t count)
    : control_{control}, process_{process}, numbers_(count, 1.0F) {
    tensors_->open(process, /*has_peers=*/true);
    transport_ = std::make_unique<bulk::transport>(tensors_, how);
    const auto own = transport_->address();
    address_words words{own.port, {}};
    own.local.copy(words.local.data(), words.local.size() - 1);
    send_all(control_, &words, sizeof words);
    receive_all(control_, &words, sizeof words);
    std::vector<core::bulk_address> all(2, own);
    all[1 - process] = {own.host, words.port, words.local.data()};
    transport_->meet(all);
  }

  ~exchange_trips() override {
    close(control_);
  }

  void ask() override {
    offer();
    const auto sum = fetch();
    core::expects(sum->runs.size() == 1 && sum->runs[0].length == numbers_.size(),
                  "as much comes back as went");
  }

  void answer() override {
    const auto pushed = fetch();
    const auto* values = pushed->runs.at(0).values;
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      numbers_[i] += values[i];
    offer();
  }

private:
  void offer() {
    core::tensor_ticket ticket;
    ticket.version = ++version_;
    ticket = tensors_->offer(ticket, {{0, numbers_.size(), numbers_.data()}}, nullptr);
    send_all(control_, &ticket, sizeof ticket);
  }

  std::shared_ptr<const bulk::payload> fetch() {
    core::tensor_ticket ticket;
    receive_all(control_, &ticket, sizeof ticket);
    std::promise<bulk::fetch_end> ended;
    auto end = ended.get_future();
    transport_->fetch(ticket,
                      [&](const bulk::fetch_end& how) { ended.set_value(how); });
    core::expects(end.wait_for(patience) == std::future_status::ready,
                  "a fetch ends within a minute");
    if (const auto how = end.get(); how.code != core::errc::none)
      throw core::error{how.reason, "souk_bench bulk", ""};
    return tensors_->find(ticket);
  }

  int control_;
  std::uint32_t process_;
  numbers numbers_;
  core::version_t version_ = 0;
  std::shared_ptr<bulk::exchange> tensors_ = std::make_shared<bulk::exchange>();
  std::unique_ptr<bulk::transport> transport_;
};

} // namespace

std::unique_ptr<round_trips> make_raw_echo(int socket, std::size_t count) {
  return std::make_unique<raw_echo>(socket, count);
}

std::unique_ptr<round_trips> make_exchange(int control,
                                           std::uint32_t process,
                                           const bulk::transport_options& how,
                                           std::size_t count) {
  return std::make_unique<exchange_trips>(control, process, how, count);
}

void send_all(int socket, const void* bytes, std::size_t size) {
  const auto* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto sent = send(socket, from, size, MSG_NOSIGNAL);
    if (sent <= 0)
      throw core::error{"the other process is gone", "souk_bench bulk", ""};
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

void receive_all(int socket, void* bytes, std::size_t size) {
  auto* to = static_cast<char*>(bytes);
  while (size > 0) {
    const auto received = recv(socket, to, size, 0);
    if (received <= 0)
      throw core::error{"the other process is gone", "souk_bench bulk", ""};
    to += received;
    size -= static_cast<std::size_t>(received);
  }
}

} // namespace souk::benchmarks
