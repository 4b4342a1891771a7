#include "tests/benchmarks/exchange_end.hpp"

#include "core/error.hpp"
#include "core/shareable_memory.hpp"
#include "tests/benchmarks/two_ends.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <future>

namespace souk::benchmarks {

namespace {

namespace bulk = actors::bulk;

constexpr std::chrono::minutes patience{1};

/// An address as it goes over the control socket.
struct address_words {
  std::uint16_t port = 0;
  std::array<char, 100> local{};
};

} // namespace

exchange_end::exchange_end(int control,
                           std::uint32_t process,
                           const bulk::transport_options& how)
  : control_{control}, process_{process} {
  tensors_->open(process);
  transport_ = std::make_unique<bulk::transport>(tensors_, how);
  const auto own = transport_->address();
  address_words words{own.port, {}};
  own.local.copy(words.local.data(), words.local.size() - 1);
  send_all(control_, &words, sizeof words);
  receive_all(control_, &words, sizeof words);
  std::vector<core::bulk_address> all(2, own);
  all[1 - process] = {own.host, words.port, words.local.data()};
  transport_->meet(all);
  core::share_memory(transport_->has_neighbours()); // as a node does
}

exchange_end::~exchange_end() {
  close(control_);
}

void exchange_end::offer(core::tensor_kind kind, const core::gradient_run& run) {
  core::tensor_ticket ticket;
  ticket.kind = kind;
  ticket.version = ++version_;
  ticket = tensors_->offer(ticket, {run}, nullptr);
  send_all(control_, &ticket, sizeof ticket);
}

std::shared_ptr<const bulk::payload> exchange_end::fetch(std::uint64_t length) {
  core::tensor_ticket ticket;
  receive_all(control_, &ticket, sizeof ticket);
  std::promise<bulk::fetch_end> ended;
  auto end = ended.get_future();
  transport_->fetch(ticket, [&](const bulk::fetch_end& how) { ended.set_value(how); });
  core::expects(end.wait_for(patience) == std::future_status::ready,
                "a fetch ends within a minute");
  if (const auto how = end.get(); how.code != core::errc::none)
    throw core::error{how.reason, "souk_bench bulk", ""};
  auto arrived = tensors_->find(ticket);
  core::expects(arrived->runs.size() == 1 && arrived->runs[0].length == length,
                "as much arrives as was offered");
  tensors_->release(ticket); // its memory is free for the next one when it was read
  return arrived;
}

} // namespace souk::benchmarks
