#pragma once

#include "actors/bulk/payload.hpp"
#include "core/tensor_ticket.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace souk::actors::bulk {

/// Largest tensor range that a process is ready to receive.
constexpr std::uint64_t payload_bytes_max = std::uint64_t{16} << 30;

/// A process's counter for tensors: who has numbers offers them, who has a ticket finds
/// them. Inside a process only pointers change hands.
///
/// Each slot (see `core::slot_of`) holds one payload; a newer offer replaces it. Who
/// still holds the older payload keeps its memory alive. Safe from any thread.
class exchange {
public:
  /// `process` is this process's number.
  void open(std::uint32_t process);

  std::uint32_t process() const;

  /// Offers runs of the arena, kept alive by `owner` and not written to while anybody
  /// may read them. Completes and returns the ticket (process, length).
  core::tensor_ticket offer(core::tensor_ticket ticket,
                            core::gradient_slice runs,
                            std::shared_ptr<const void> owner);

  /// Returns what a ticket names if this process offers it or has fetched it, else
  /// null.
  std::shared_ptr<const payload> find(const core::tensor_ticket& ticket) const;

  /// Keeps what was fetched for a ticket.
  void keep(const core::tensor_ticket& ticket, payload arrived);

  /// Withdraws an offer.
  void release(const core::tensor_ticket& ticket);

  /// Withdraws everything that belongs to a training.
  void release_run(std::uint64_t run);

private:
  struct entry {
    core::tensor_ticket ticket;
    std::shared_ptr<const payload> numbers;
  };

  using slot = decltype(core::slot_of(core::tensor_ticket{}));

  mutable std::mutex mutex_;
  std::map<slot, entry> entries_;
  std::uint32_t process_ = 0;
};

} // namespace souk::actors::bulk
