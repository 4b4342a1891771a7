#include "tests/benchmarks/two_ends.hpp"

#include "core/error.hpp"
#include "core/shareable_memory.hpp"
#include "tests/benchmarks/exchange_end.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace souk::benchmarks {

namespace {

namespace bulk = actors::bulk;
using numbers = core::shareable_vector<float>; // as parameters and gradients are

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
  core::aligned_vector<float> numbers_;
};

class exchange_trips : public round_trips {
public:
  exchange_trips(int control,
                 std::uint32_t process,
                 const bulk::transport_options& how,
                 std::size_t count)
    : end_{control, process, how}, numbers_(count, 1.0F) {
    // nop
  }

  void ask() override {
    offer();
    end_.fetch(numbers_.size());
  }

  void answer() override {
    const auto pushed = end_.fetch(numbers_.size());
    const auto* values = pushed->runs.at(0).values;
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      numbers_[i] += values[i];
    offer();
  }

private:
  void offer() {
    end_.offer(core::tensor_kind::partial_sum, {0, numbers_.size(), numbers_.data()});
  }

  exchange_end end_;
  numbers numbers_;
};

class trainers_round : public round_trips {
public:
  trainers_round(int control,
                 std::uint32_t process,
                 const bulk::transport_options& how,
                 std::size_t count)
    : end_{control, process, how}, gradient_(count, 1.0F + static_cast<float>(process)),
      own_begin_{process == 0 ? 0 : count / 2}, other_begin_{process == 0 ? count / 2
                                                                          : 0},
      sum_(process == 0 ? count / 2 : count - count / 2) {
    // nop
  }

  void ask() override {
    const auto others = gradient_.size() - sum_.size();
    end_.offer(core::tensor_kind::partial_sum,
               {other_begin_, others, gradient_.data() + other_begin_});
    const auto pushed = end_.fetch(sum_.size());
    const auto* own = gradient_.data() + own_begin_;
    const auto* values = pushed->runs.at(0).values;
    for (std::size_t i = 0; i < sum_.size(); ++i)
      sum_[i] = own[i] + values[i];
    end_.offer(core::tensor_kind::parameters, {own_begin_, sum_.size(), sum_.data()});
    const auto pulled = end_.fetch(others);
    core::expects(sum_.back() == 3.0F && pulled->runs[0].values[others - 1] == 3.0F,
                  "both trainers have both sums");
  }

  void answer() override {
    ask(); // both do the same
  }

private:
  exchange_end end_;
  numbers gradient_;
  std::size_t own_begin_; ///< of the range that is summed here
  std::size_t other_begin_;
  numbers sum_;
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

std::unique_ptr<round_trips> make_trainers_round(int control,
                                                 std::uint32_t process,
                                                 const bulk::transport_options& how,
                                                 std::size_t count) {
  return std::make_unique<trainers_round>(control, process, how, count);
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
