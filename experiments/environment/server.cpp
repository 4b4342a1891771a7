#include "experiments/environment/server.hpp"

#include "core/log.hpp"
#include "experiments/environment/line_channel.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <exception>
#include <list>
#include <memory>
#include <thread>

namespace souk::experiments {

namespace {

constexpr int look_around_ms = 100; ///< how soon a stop is noticed

/// One client, and the thread that serves it.
class served_client {
public:
  served_client(descriptor socket,
                const environment_options& options,
                const world_factory& make_world)
    : channel_{std::move(socket), conversation::longest_line(options.shop)},
      talk_{options, make_world}, thread_{[this] {
        serve();
      }} {
    // nop
  }

  served_client(const served_client&) = delete;
  served_client& operator=(const served_client&) = delete;

  ~served_client() {
    channel_.hang_up();
    thread_.join();
  }

  bool is_gone() const {
    return is_gone_;
  }

private:
  void serve() {
    try {
      talk();
    } catch (const std::exception& broken) { // the other clients' must not end
      core::log::warning(std::string{"a client was given up: "} + broken.what());
    }
    channel_.hang_up();
    is_gone_ = true;
  }

  void talk() {
    std::string line;
    while (!talk_.is_over()) {
      const auto what = channel_.read(line);
      if (what == received::nothing)
        return;
      const auto answer =
        what == received::too_long
          ? error_answer("request: is longer than anything there is to say; send one "
                         "object on a line")
          : talk_.answer(line);
      if (!channel_.write(answer))
        return;
    }
  }

  line_channel channel_;
  conversation talk_;
  std::atomic<bool> is_gone_{false};
  std::thread thread_; // last: it uses the others
};

/// Tells somebody that there is no room. What they say, before or meanwhile, is read,
/// or the answer would be lost with it when the socket is closed.
void turn_away(descriptor socket, std::uint32_t clients) {
  constexpr timeval moment{0, 200'000};
  setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
  constexpr std::size_t greeting = 1024;
  line_channel channel{std::move(socket), greeting};
  std::string line;
  channel.read(line);
  channel.write(error_answer("souk environment: serves " + std::to_string(clients)
                             + " clients already; try again later, or start it with "
                               "more --clients"));
  channel.read(line);
}

} // namespace

void serve(const local_listener& listener,
           const environment_options& options,
           const world_factory& make_world,
           std::uint32_t clients,
           const std::atomic<bool>& stop) {
  std::list<served_client> served;
  while (!stop) {
    auto comer = listener.accept(look_around_ms);
    served.remove_if([](const served_client& client) { return client.is_gone(); });
    if (!comer)
      continue;
    if (served.size() < clients)
      served.emplace_back(std::move(*comer), options, make_world);
    else
      turn_away(std::move(*comer), clients);
  }
}

} // namespace souk::experiments
