#include "actors/bulk/certificates.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/two_ends.hpp"
#include "tests/support/scratch_folder.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace souk::benchmarks {

namespace {

namespace bulk = actors::bulk;
using socket_pair = std::array<int, 2>; ///< the asking and the answering end

[[noreturn]] void no_sockets() {
  throw core::error{"cannot open sockets on loopback", "souk_bench bulk", ""};
}

socket_pair tcp_pair() {
  const auto door = socket(AF_INET, SOCK_STREAM, 0);
  const auto asking = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* name = reinterpret_cast<sockaddr*>(&where);
  if (bind(door, name, size) != 0 || listen(door, 1) != 0
      || getsockname(door, name, &size) != 0 || connect(asking, name, size) != 0)
    no_sockets();
  const socket_pair ends{asking, accept(door, nullptr, nullptr)};
  close(door);
  const int on = 1;
  for (const auto end : ends)
    if (setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
      no_sockets();
  return ends;
}

socket_pair local_pair() {
  socket_pair ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
    no_sockets();
  return ends;
}

/// A folder with credentials that is gone at the end.
class run_folder {
public:
  run_folder() {
    bulk::make_run_credentials(folder_.path());
  }

  bulk::transport_options options() const {
    bulk::transport_options options;
    options.credentials =
      bulk::credentials_of_run(folder_.path(), bulk::role::coordinator);
    options.shared_memory = false;
    return options;
  }

private:
  tests::scratch_folder folder_;
};

constexpr std::array ways{"raw", "tcp", "tls", "shm"};
using all_trips = std::vector<std::unique_ptr<round_trips>>;

all_trips make_trips(const std::vector<socket_pair>& sockets,
                     std::uint32_t process,
                     const bulk::transport_options& plain,
                     std::size_t count) {
  auto tls = plain;
  tls.tcp = bulk::protection::mutual_tls;
  auto memory = plain;
  memory.shared_memory = true;
  for (const auto& pair : sockets)
    close(pair.at(1 - process));
  all_trips trips;
  trips.push_back(make_raw_echo(sockets[0].at(process), count));
  trips.push_back(make_exchange(sockets[1].at(process), process, plain, count));
  trips.push_back(make_exchange(sockets[2].at(process), process, tls, count));
  trips.push_back(make_exchange(sockets[3].at(process), process, memory, count));
  return trips;
}

/// Calls `trip(way)` once to warm up and then in rounds, each way in turn.
template <class Trip>
void in_turn(const bulk_request& request, Trip trip) {
  for (std::uint32_t round = 0; round <= request.rounds; ++round)
    for (std::size_t way = 0; way < ways.size(); ++way)
      trip(round, way);
}

/// The child: answers as often as it is asked, and ends when the parent has all of it.
[[noreturn]] void
serve(const bulk_request& request, const all_trips& trips, int farewell) {
  in_turn(request, [&](std::uint32_t, std::size_t way) {
    for (std::uint32_t i = 0; i < request.trips; ++i)
      trips[way]->answer();
  });
  char nothing = 0;
  std::_Exit(recv(farewell, &nothing, 1, 0) == 0 ? 0 : 1);
}

} // namespace

nlohmann::ordered_json measure_bulk(const bulk_request& request) {
  const auto count =
    static_cast<std::size_t>(request.megabytes * 1e6 / double{sizeof(float)});
  refuse_zero(count, "--megabytes");
  refuse_zero(request.rounds, "--rounds");
  refuse_zero(request.trips, "--trips");
  const run_folder folder;
  const std::vector<socket_pair> sockets{tcp_pair(), local_pair(), local_pair(),
                                         local_pair()};
  const auto farewell = local_pair();
  const auto child = fork();
  if (child < 0)
    throw core::error{"cannot start a process", "souk_bench bulk", ""};
  close(farewell.at(child == 0 ? 0 : 1));
  if (child == 0)
    try {
      serve(request, make_trips(sockets, 1, folder.options(), count), farewell[1]);
    } catch (const core::error&) {
      std::_Exit(1); // the parent says what is to be said
    }
  nlohmann::ordered_json seconds;
  {
    const auto trips = make_trips(sockets, 0, folder.options(), count);
    in_turn(request, [&](std::uint32_t round, std::size_t way) {
      const auto begin = core::seconds_now();
      for (std::uint32_t i = 0; i < request.trips; ++i)
        trips[way]->ask();
      if (round > 0)
        seconds[ways.at(way)].push_back((core::seconds_now() - begin) / request.trips);
    });
  }
  close(farewell[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return {{"megabytes", request.megabytes}, {"seconds", seconds}};
}

} // namespace souk::benchmarks
