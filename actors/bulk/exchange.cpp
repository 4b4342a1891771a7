#include "actors/bulk/exchange.hpp"

namespace souk::actors::bulk {

void exchange::open(std::uint32_t process) {
  const std::lock_guard guard{mutex_};
  process_ = process;
}

std::uint32_t exchange::process() const {
  const std::lock_guard guard{mutex_};
  return process_;
}

core::tensor_ticket exchange::offer(core::tensor_ticket ticket,
                                    core::gradient_slice runs,
                                    std::shared_ptr<const void> owner) {
  ticket.length = encoded_length(runs);
  auto numbers = std::make_shared<payload>(payload{std::move(runs), std::move(owner)});
  const std::lock_guard guard{mutex_};
  ticket.process = process_;
  entries_[core::slot_of(ticket)] = {ticket, std::move(numbers)};
  return ticket;
}

std::shared_ptr<const payload> exchange::find(const core::tensor_ticket& ticket) const {
  const std::lock_guard guard{mutex_};
  const auto found = entries_.find(core::slot_of(ticket));
  if (found == entries_.end() || !core::same_bytes(found->second.ticket, ticket))
    return nullptr;
  return found->second.numbers;
}

void exchange::keep(const core::tensor_ticket& ticket, payload arrived) {
  auto numbers = std::make_shared<payload>(std::move(arrived));
  const std::lock_guard guard{mutex_};
  entries_[core::slot_of(ticket)] = {ticket, std::move(numbers)};
}

void exchange::release(const core::tensor_ticket& ticket) {
  const std::lock_guard guard{mutex_};
  entries_.erase(core::slot_of(ticket));
}

void exchange::release_run(std::uint64_t run) {
  const std::lock_guard guard{mutex_};
  for (auto held = entries_.begin(); held != entries_.end();)
    held = held->second.ticket.run == run ? entries_.erase(held) : std::next(held);
}

} // namespace souk::actors::bulk
