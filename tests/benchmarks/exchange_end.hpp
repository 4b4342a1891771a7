#pragma once

#include "actors/bulk/transport.hpp"

#include <cstdint>
#include <memory>

namespace souk::benchmarks {

/// One of two processes that offer each other tensors and fetch them, as servers and
/// trainers do. Tickets go over a connected socket, where actors have messages.
class exchange_end {
public:
  /// Both processes, 0 and 1, make theirs at the same time. What is allocated then can
  /// be shared if tensors go over shared memory.
  exchange_end(int control,
               std::uint32_t process,
               const actors::bulk::transport_options& how);
  exchange_end(const exchange_end&) = delete;
  exchange_end& operator=(const exchange_end&) = delete;
  ~exchange_end();

  std::uint32_t process() const {
    return process_;
  }

  /// Offers a run of the arena, which nobody may write to until it was fetched, and
  /// tells the other process.
  void offer(core::tensor_kind kind, const core::gradient_run& run);

  /// Fetches what the other process offers next, which is to have this length. What is
  /// returned can be read as long as somebody holds it.
  std::shared_ptr<const actors::bulk::payload> fetch(std::uint64_t length);

private:
  int control_;
  std::uint32_t process_;
  core::version_t version_ = 0;
  std::shared_ptr<actors::bulk::exchange> tensors_ =
    std::make_shared<actors::bulk::exchange>();
  std::unique_ptr<actors::bulk::transport> transport_;
};

} // namespace souk::benchmarks
