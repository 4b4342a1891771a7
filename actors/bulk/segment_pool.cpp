#include "actors/bulk/segment_pool.hpp"

namespace souk::actors::bulk {

namespace {

/// Tensors of a run differ a little in length (sparse gradients): with some room a
/// segment fits the next one, too.
std::uint64_t with_room(std::uint64_t bytes) {
  constexpr std::uint64_t page = 64 << 10;
  return (bytes + bytes / 8 + page) / page * page;
}

} // namespace

void segment_pool::retire_idle(std::vector<std::uint64_t>& retired) {
  for (auto held = segments_.begin(); held != segments_.end();) {
    if (held->second.is_lent) {
      ++held;
      continue;
    }
    bytes_ -= held->second.segment.size();
    retired.push_back(held->first);
    held = segments_.erase(held);
  }
}

segment_pool::loan segment_pool::lend(std::uint64_t bytes) {
  auto best = segments_.end();
  for (auto held = segments_.begin(); held != segments_.end(); ++held) {
    const auto size = held->second.segment.size();
    if (!held->second.is_lent && size >= bytes
        && (best == segments_.end() || size < best->second.segment.size()))
      best = held;
  }
  if (best != segments_.end()) {
    best->second.is_lent = true;
    return {best->first, &best->second.segment, false, {}};
  }
  loan given;
  const auto size = with_room(bytes);
  if (size > bytes_max_)
    return given;
  if (bytes_ + size > bytes_max_)
    retire_idle(given.retired);
  if (bytes_ + size > bytes_max_)
    return given;
  auto made = core::shared_segment::make(size);
  if (!made)
    return given;
  bytes_ += size;
  given.number = ++last_number_;
  given.is_new = true;
  const auto placed =
    segments_.emplace(given.number, entry{std::move(*made), true}).first;
  given.segment = &placed->second.segment;
  return given;
}

bool segment_pool::give_back(std::uint64_t number) {
  const auto found = segments_.find(number);
  if (found == segments_.end() || !found->second.is_lent)
    return false;
  found->second.is_lent = false;
  return true;
}

} // namespace souk::actors::bulk
