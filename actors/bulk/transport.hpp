#pragma once

#include "actors/bulk/credentials.hpp"
#include "actors/bulk/exchange.hpp"
#include "core/bulk_address.hpp"
#include "core/errc.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors::bulk {

/// Who may connect, and what others on the network see.
enum class protection : std::uint8_t {
  /// Both sides have the run's secret; bytes are not encrypted. On loopback only.
  secret,
  /// Both sides show certificates (`tls_context`), and the secret if there is one.
  mutual_tls,
};

struct transport_options {
  bulk::credentials credentials;
  protection tcp = protection::secret;
  bool shared_memory = true;      ///< offered to, and used with, processes of this host
  std::string host = "127.0.0.1"; ///< numeric, to listen at
  std::uint16_t port = 0;         ///< 0: any free one
  /// A connection, or a part of a transfer, that takes longer has failed.
  std::chrono::milliseconds stall_timeout{10'000};
  /// Bytes that may be on their way from one process; a single larger tensor may be.
  std::uint64_t window_bytes = std::uint64_t{256} << 20;
  /// Shared memory that may be lent to one process, besides what it reads where it
  /// lies; beyond that TCP is used.
  std::uint64_t shared_bytes_max = std::uint64_t{4} << 30;
};

/// How a process with these credentials exchanges tensors: a cluster's with mutual TLS
/// at its address, a run's on this machine with its secret on loopback.
transport_options options_for(const credentials& mine);

/// How a fetch ended.
struct fetch_end {
  core::errc code = core::errc::none;
  std::string reason; ///< of a failure
};

/// Brings tensors from other processes' exchanges into this process's: over shared
/// memory on one host, else over TCP. Serves what this process offers.
///
/// Two threads of its own: one serves, one fetches; who asks for a tensor sends the
/// request, where that can be done at once. A fetch always ends: with the
/// tensor, or with an error when its owner refuses, dies, is replaced or falls silent.
class transport {
public:
  using when_ended = std::function<void(const fetch_end&)>;

  /// Begins to listen. Throws `core::error` where the credentials cannot be used, the
  /// host cannot be listened at, or would be reached without TLS from outside.
  transport(std::shared_ptr<exchange> tensors, const transport_options& options);

  /// Ends all connections; fetches under way fail.
  ~transport();

  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;

  /// Where others find this process's tensors.
  const core::bulk_address& address() const;

  /// Says where all processes are, by number. May be said again at any time: fetches
  /// from a process that is elsewhere now fail.
  void meet(std::vector<core::bulk_address> all);

  /// Whether others are on this host, who can read what lies in memory that can be
  /// shared (`core::share_memory`) without a copy.
  bool has_neighbours() const;

  /// Fetches a tensor into the exchange; whoever asks for the same one shares a
  /// transfer. `ended` is called once, from another thread. Fails with
  /// `unknown_ticket`, `too_large`, `corrupt_payload` (the bytes or the conversation
  /// are damaged) or `failed` (the connection broke; over TLS, damage breaks it).
  void fetch(const core::tensor_ticket& ticket, when_ended ended);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace souk::actors::bulk
