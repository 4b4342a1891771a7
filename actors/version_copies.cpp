#include "actors/version_copies.hpp"

#include "actors/free_one.hpp"

#include <algorithm>

namespace souk::actors {

version_copies::version_copies(std::shared_ptr<bulk::exchange> exchange,
                               core::arena_range range)
  : exchange_{std::move(exchange)}, range_{range} {
  // nop
}

core::tensor_ticket version_copies::read(std::uint64_t reader,
                                         core::tensor_ticket ticket,
                                         core::span<const float> parameters) {
  auto newest = std::find_if(copies_.begin(), copies_.end(),
                             [](const auto& each) { return each->is_newest; });
  if (newest == copies_.end() || (*newest)->offered.version != ticket.version) {
    if (newest != copies_.end()) {
      (*newest)->is_newest = false;
      withdraw_unless_read(**newest);
    }
    const auto number = free_copy();
    newest = copies_.begin() + static_cast<std::ptrdiff_t>(number);
    auto& fresh = **newest;
    std::copy(parameters.begin(), parameters.end(), fresh.values.data());
    ticket.block = static_cast<std::uint32_t>(number + 1); // 0 is the range itself
    fresh.offered = exchange_->offer(
      ticket, {{range_.begin, range_.size(), fresh.values.data()}}, *newest);
    fresh.is_newest = true;
  }
  ++(*newest)->readers;
  copy_of_[reader] = static_cast<std::size_t>(newest - copies_.begin());
  return (*newest)->offered;
}

void version_copies::done(std::uint64_t reader) {
  const auto found = copy_of_.find(reader);
  if (found == copy_of_.end())
    return;
  auto& old = *copies_[found->second];
  copy_of_.erase(found);
  --old.readers;
  withdraw_unless_read(old);
}

void version_copies::clear() {
  copy_of_.clear();
  for (const auto& each : copies_) {
    each->readers = 0;
    each->is_newest = false;
    withdraw_unless_read(*each);
  }
}

/// One that nobody reads, not even a payload that still hangs about.
std::size_t version_copies::free_copy() {
  const auto free =
    find_free(copies_, [](const copy& each) { return each.readers == 0; });
  if (free != copies_.end())
    return static_cast<std::size_t>(free - copies_.begin());
  copies_.push_back(std::make_shared<copy>());
  copies_.back()->values = core::aligned_buffer<float>{range_.size()};
  return copies_.size() - 1;
}

void version_copies::withdraw_unless_read(copy& old) {
  if (old.readers == 0 && !old.is_newest)
    exchange_->release(old.offered);
}

} // namespace souk::actors
