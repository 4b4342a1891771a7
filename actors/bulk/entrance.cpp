#include "actors/bulk/entrance.hpp"

#include "actors/bulk/secure_link_state.hpp"
#include "core/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <new>
#include <thread>
#include <vector>

namespace souk::actors::bulk {

namespace {

using clock = std::chrono::steady_clock;
using wish = secure_link::state::wish;

/// After a failure to accept, as when no file can be opened any more.
constexpr std::chrono::milliseconds accept_pause{100};

constexpr int backlog = 128;

/// Somebody who has connected and shows who it is.
struct stranger {
  std::unique_ptr<secure_link::state> link;
  std::string address;
  clock::time_point deadline;
  wish waits_for = wish::to_read;
};

core::descriptor listen_at(const std::string& host, std::uint16_t port) {
  const boost::asio::ip::tcp::endpoint where{boost::asio::ip::make_address(host), port};
  core::descriptor made{
    ::socket(where.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int yes = 1;
  // A port that was just left can be listened at again.
  if (!made
      || setsockopt(made.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
      || ::bind(made.number(), where.data(), static_cast<socklen_t>(where.size())) != 0
      || ::listen(made.number(), backlog) != 0)
    throw core::error{std::string{"cannot listen: "} + std::strerror(errno),
                      host + ':' + std::to_string(port),
                      "check the address, and that nobody else listens there"};
  return made;
}

std::uint16_t port_of(int socket) {
  boost::asio::ip::tcp::endpoint where;
  auto size = static_cast<socklen_t>(where.capacity());
  getsockname(socket, where.data(), &size);
  return where.port();
}

short event_of(wish what) {
  return static_cast<short>(what == wish::to_write ? POLLOUT : POLLIN);
}

} // namespace

struct entrance::state {
  void serve();
  void accept_one();
  void see_to(std::list<stranger>::iterator one);
  void end_the_slow();
  int milliseconds_to_wait() const;

  std::shared_ptr<const tls_context> security;
  core::descriptor listening;
  core::descriptor alarm{eventfd(0, EFD_CLOEXEC)}; ///< written to end the thread
  std::uint16_t port = 0;
  when_admitted admitted;
  refusal_log refused{conversation::control};
  std::list<stranger> strangers; ///< oldest first
  clock::time_point accept_again{};
  std::atomic<bool> is_ending{false};
  std::thread thread;
};

/// Accepts one connection at a time, so that those inside have their turn.
void entrance::state::accept_one() {
  core::descriptor arrived{
    ::accept4(listening.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!arrived) {
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
      accept_again = clock::now() + accept_pause;
    return;
  }
  if (strangers.size() >= strangers_max) {
    refused.note(strangers.front().address, "others came while it took its time");
    strangers.pop_front();
  }
  auto address = peer_address(arrived.number());
  try {
    strangers.push_back({std::make_unique<secure_link::state>(
                           *security, std::move(arrived), /*has_accepted=*/true),
                         address, clock::now() + greeting_limit});
  } catch (const std::bad_alloc&) {
    refused.note(address, "there is no memory for a connection");
  }
}

void entrance::state::see_to(std::list<stranger>::iterator one) {
  one->waits_for = one->link->shake_hands();
  if (one->waits_for == wish::to_read || one->waits_for == wish::to_write)
    return;
  if (one->waits_for == wish::nothing)
    admitted(std::make_unique<secure_link>(std::move(one->link)));
  else
    refused.note(one->address, why_refused(one->link->tls.get()));
  strangers.erase(one);
}

void entrance::state::end_the_slow() {
  const auto now = clock::now();
  while (!strangers.empty() && strangers.front().deadline <= now) {
    refused.note(strangers.front().address, "it did not show who it is in time");
    strangers.pop_front();
  }
}

int entrance::state::milliseconds_to_wait() const {
  const auto now = clock::now();
  auto next = clock::time_point::max();
  if (!strangers.empty())
    next = strangers.front().deadline;
  if (accept_again > now)
    next = std::min(next, accept_again);
  if (next == clock::time_point::max())
    return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  return static_cast<int>(std::max<std::int64_t>(0, left));
}

void entrance::state::serve() {
  std::vector<pollfd> watched;
  while (!is_ending) {
    // One after the other: the alarm, the port, the strangers.
    const auto accepts = clock::now() >= accept_again;
    watched.assign(1, {alarm.number(), POLLIN, 0});
    watched.push_back({accepts ? listening.number() : -1, POLLIN, 0});
    for (const auto& one : strangers)
      watched.push_back({one.link->socket.number(), event_of(one.waits_for), 0});
    if (::poll(watched.data(), watched.size(), milliseconds_to_wait()) < 0)
      continue;
    auto one = strangers.begin();
    for (std::size_t i = 2; i < watched.size(); ++i) {
      const auto now = one++;
      if (watched[i].revents != 0)
        see_to(now);
    }
    end_the_slow();
    if (watched[1].revents != 0)
      accept_one();
  }
}

entrance::entrance(std::shared_ptr<const tls_context> security,
                   const credentials& mine,
                   const std::string& host,
                   std::uint16_t port)
  : state_{std::make_unique<state>()} {
  check_listening(mine, host);
  state_->security = std::move(security);
  state_->listening = listen_at(host, port);
  state_->port = port_of(state_->listening.number());
}

entrance::~entrance() {
  close();
}

std::uint16_t entrance::port() const {
  return state_->port;
}

int entrance::number() const {
  return state_->listening.number();
}

void entrance::open(when_admitted admitted) {
  auto& my = *state_;
  if (my.thread.joinable())
    return;
  my.admitted = std::move(admitted);
  my.is_ending = false;
  my.thread = std::thread{[&my] {
    my.serve();
  }};
}

void entrance::close() {
  auto& my = *state_;
  if (!my.thread.joinable())
    return;
  my.is_ending = true;
  std::uint64_t ring = 1;
  core::expects(::write(my.alarm.number(), &ring, sizeof ring) == sizeof ring,
                "an eventfd takes a number");
  my.thread.join();
  core::expects(::read(my.alarm.number(), &ring, sizeof ring) == sizeof ring,
                "an eventfd gives its number back");
  my.strangers.clear();
  my.admitted = nullptr;
}

} // namespace souk::actors::bulk
