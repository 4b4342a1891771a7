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
#include <memory>
#include <string>
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

  const std::string& path() const {
    return folder_.path();
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

/// A way of numbers between the processes, and the sockets that it has to begin with.
struct way {
  const char* name;
  socket_pair sockets;
  std::unique_ptr<round_trips> trips; ///< this process's end
};

std::vector<way> open_ways() {
  std::vector<way> ways;
  ways.push_back({"raw", tcp_pair(), nullptr});
  for (const auto* name : {"tcp", "tls", "shm", "round"})
    ways.push_back({name, local_pair(), nullptr});
  if (has_gloo())
    ways.push_back({"gloo", local_pair(), nullptr});
  return ways;
}

std::unique_ptr<round_trips> make_end(const way& how,
                                      std::uint32_t process,
                                      const run_folder& folder,
                                      std::size_t count) {
  const auto socket = how.sockets.at(process);
  const std::string name = how.name;
  auto options = folder.options();
  if (name == "raw")
    return make_raw_echo(socket, count);
  if (name == "round")
    return make_trainers_round(socket, process, options, count);
  if (name == "gloo") {
    close(socket);
    return make_gloo_round(folder.path(), process, count);
  }
  options.shared_memory = name == "shm";
  if (name == "tls")
    options.tcp = bulk::protection::mutual_tls;
  return make_exchange(socket, process, options, count);
}

/// Both processes make their ends at the same time, in this order.
void make_ends(std::vector<way>& ways,
               std::uint32_t process,
               const run_folder& folder,
               std::size_t count) {
  for (auto& each : ways)
    close(each.sockets.at(1 - process));
  for (auto& each : ways)
    each.trips = make_end(each, process, folder, count);
}

/// Calls `trip(round, way)` once to warm up and then in rounds, each way in turn.
template <class Trip>
void in_turn(const bulk_request& request, std::vector<way>& ways, Trip trip) {
  for (std::uint32_t round = 0; round <= request.rounds; ++round)
    for (auto& each : ways)
      trip(round, each);
}

/// The child: answers as often as it is asked, and ends when the parent has all of it.
[[noreturn]] void
serve(const bulk_request& request, std::vector<way>& ways, int farewell) {
  in_turn(request, ways, [&](std::uint32_t, way& now) {
    for (std::uint32_t i = 0; i < request.trips; ++i)
      now.trips->answer();
  });
  char nothing = 0;
  std::_Exit(recv(farewell, &nothing, 1, 0) == 0 ? 0 : 1);
}

} // namespace

nlohmann::ordered_json measure_bulk(const bulk_request& request) {
  const auto count =
    static_cast<std::size_t>(request.megabytes * 1e6 / double{sizeof(float)});
  refuse_zero(count / 2, "--megabytes");
  refuse_zero(request.rounds, "--rounds");
  refuse_zero(request.trips, "--trips");
  const run_folder folder;
  auto ways = open_ways();
  const auto farewell = local_pair();
  const auto child = fork();
  if (child < 0)
    throw core::error{"cannot start a process", "souk_bench bulk", ""};
  close(farewell.at(child == 0 ? 0 : 1));
  if (child == 0)
    try {
      make_ends(ways, 1, folder, count);
      serve(request, ways, farewell[1]);
    } catch (const std::exception&) {
      std::_Exit(1); // the parent says what is to be said
    }
  make_ends(ways, 0, folder, count);
  nlohmann::ordered_json seconds;
  in_turn(request, ways, [&](std::uint32_t round, way& now) {
    const auto begin = core::seconds_now();
    for (std::uint32_t i = 0; i < request.trips; ++i)
      now.trips->ask();
    if (round > 0)
      seconds[now.name].push_back((core::seconds_now() - begin) / request.trips);
  });
  ways.clear();
  close(farewell[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return {{"megabytes", request.megabytes}, {"seconds", seconds}};
}

} // namespace souk::benchmarks
