#pragma once

#include "actors/bulk/certificates.hpp"
#include "actors/bulk/transport.hpp"
#include "core/aligned_vector.hpp"
#include "tests/support/scratch_folder.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace souk::tests {

namespace bulk = actors::bulk;

/// Longer than anything here may take.
constexpr std::chrono::seconds patience{30};

/// A process's exchange and transport.
struct bulk_process {
  bulk_process(std::uint32_t number, const bulk::transport_options& options) {
    tensors->open(number);
    transport = std::make_unique<bulk::transport>(tensors, options);
  }

  /// Begins to fetch a tensor.
  std::future<bulk::fetch_end> begin_fetch(const core::tensor_ticket& ticket) const {
    const auto promise = std::make_shared<std::promise<bulk::fetch_end>>();
    transport->fetch(
      ticket, [promise](const bulk::fetch_end& end) { promise->set_value(end); });
    return promise->get_future();
  }

  static bulk::fetch_end end_of(std::future<bulk::fetch_end> pending) {
    if (pending.wait_for(patience) != std::future_status::ready)
      throw std::runtime_error{"a fetch did not end"};
    return pending.get();
  }

  bulk::fetch_end fetch(const core::tensor_ticket& ticket) const {
    return end_of(begin_fetch(ticket));
  }

  std::shared_ptr<bulk::exchange> tensors = std::make_shared<bulk::exchange>();
  std::unique_ptr<bulk::transport> transport;
};

/// A folder with the credentials of a run.
struct credentials {
  credentials() {
    bulk::make_run_credentials(folder.path());
  }

  scratch_folder folder;
  bulk::credentials files =
    bulk::credentials_of_run(folder.path(), bulk::role::coordinator);

  bulk::transport_options options() const {
    bulk::transport_options options;
    options.credentials = files;
    options.shared_memory = false;
    return options;
  }
};

/// Process 0, which owns numbers, and process 1, which wants them.
struct two_processes {
  explicit two_processes(const bulk::transport_options& options)
    : owner{0, options}, reader{1, options} {
    meet();
    std::iota(numbers.begin(), numbers.end(), 1.0F);
  }

  void meet() {
    const std::vector<core::bulk_address> all{owner.transport->address(),
                                              reader.transport->address()};
    owner.transport->meet(all);
    reader.transport->meet(all);
  }

  /// Offers `count` numbers as one run.
  core::tensor_ticket offer_dense(std::size_t count, std::uint32_t block = 0) {
    core::tensor_ticket ticket;
    ticket.run = 1;
    ticket.block = block;
    return owner.tensors->offer(ticket, {{7, count, numbers.data()}}, nullptr);
  }

  /// Offers many short runs, as gradients of sparse rows have them.
  core::tensor_ticket offer_sparse(std::size_t runs, std::uint32_t block = 0) {
    core::gradient_slice slice;
    for (std::size_t i = 0; i < runs; ++i)
      slice.push_back({i * 100, i % 5 * 10, numbers.data() + i * 3});
    core::tensor_ticket ticket;
    ticket.run = 2;
    ticket.block = block;
    return owner.tensors->offer(ticket, slice, nullptr);
  }

  /// Whether the reader has what the owner offers, number by number.
  bool has_arrived(const core::tensor_ticket& ticket) const {
    const auto offered = owner.tensors->find(ticket);
    const auto arrived = reader.tensors->find(ticket);
    if (!offered || !arrived || offered->runs.size() != arrived->runs.size())
      return false;
    for (std::size_t i = 0; i < offered->runs.size(); ++i) {
      const auto& sent = offered->runs[i];
      const auto& got = arrived->runs[i];
      if (sent.offset != got.offset || sent.length != got.length
          || !std::equal(sent.values, sent.values + sent.length, got.values))
        return false;
    }
    return true;
  }

  core::aligned_vector<float> numbers =
    core::aligned_vector<float>(std::size_t{1} << 20);
  bulk_process owner;
  bulk_process reader;
};

} // namespace souk::tests
