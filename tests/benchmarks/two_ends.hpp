#pragma once

#include "actors/bulk/transport.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace souk::benchmarks {

/// How numbers travel between the two processes of a benchmark.
class round_trips {
public:
  virtual ~round_trips() = default;

  /// Pushes all numbers to the other process and pulls as many back.
  virtual void ask() = 0;

  /// The other process's part of that.
  virtual void answer() = 0;
};

/// Plain blocking sockets without a protocol, what TCP can do at best: the numbers go
/// there whole, then they come back. Nothing is summed. Takes a connected socket.
std::unique_ptr<round_trips> make_raw_echo(int socket, std::size_t count);

/// Our own: offer and fetch the push, sum, offer and fetch the pull. Tickets go over
/// `control`, a connected socket. Both processes make theirs at the same time.
std::unique_ptr<round_trips> make_exchange(int control,
                                           std::uint32_t process,
                                           const actors::bulk::transport_options& how,
                                           std::size_t count);

/// A round of two trainers, each beside a server of half of the arena, as a run with
/// two processes places them: each pushes its gradient to both servers and pulls the
/// sum from both. What stays in a process is read in place.
std::unique_ptr<round_trips>
make_trainers_round(int control,
                    std::uint32_t process,
                    const actors::bulk::transport_options& how,
                    std::size_t count);

/// The same by Gloo's allreduce (halving-doubling) over loopback TCP; the processes
/// find each other through `folder`. Null where Gloo was not installed when this was
/// built.
std::unique_ptr<round_trips>
make_gloo_round(const std::string& folder, std::uint32_t process, std::size_t count);

/// Whether it was.
bool has_gloo();

/// Sends or receives exactly that many bytes; throws `core::error` if the other end is
/// gone.
void send_all(int socket, const void* bytes, std::size_t size);
void receive_all(int socket, void* bytes, std::size_t size);

} // namespace souk::benchmarks
