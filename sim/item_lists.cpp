#include "sim/item_lists.hpp"

#include "core/error.hpp"

#include <limits>

namespace souk::sim {

namespace {

bool is_power_of_two(std::size_t size) {
  return (size & (size - 1)) == 0;
}

std::size_t power_of(std::size_t size) {
  std::size_t power = 0;
  while ((std::size_t{1} << power) < size)
    ++power;
  return power;
}

/// Grows a pool with a reserve of an eighth: pools of all cohorts grow alike, and would
/// all be half empty at the same time.
template <class T>
void resize(std::vector<T>& pool, std::size_t size) {
  if (size > pool.capacity())
    pool.reserve(size + size / 8);
  pool.resize(size);
}

} // namespace

item_lists::item_lists(std::size_t num_users, std::uint32_t num_items)
  : narrow_{num_items <= std::numeric_limits<std::uint16_t>::max()},
    places_(num_users) {
  // nop
}

void item_lists::insert(std::size_t user, core::item_id item) {
  auto& list = places_[user];
  auto low = std::size_t{list.first};
  auto high = low + list.size;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (read(middle) < item)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < std::size_t{list.first} + list.size && read(low) == item)
    return;
  const auto offset = low - list.first;
  // A place's room is the power of two that its size fits into.
  if (list.size == 0 || is_power_of_two(list.size))
    grow(list);
  auto last = std::size_t{list.first} + list.size++;
  for (; last > list.first + offset; --last)
    write(last, read(last - 1));
  write(last, item);
}

void item_lists::grow(place& list) {
  const auto first = take_place(power_of(std::size_t{list.size} + 1));
  for (std::uint32_t i = 0; i < list.size; ++i)
    write(first + i, read(list.first + i));
  if (list.size > 0)
    free_[power_of(list.size)].push_back(list.first);
  list.first = first;
}

std::uint32_t item_lists::take_place(std::size_t power) {
  if (free_.size() <= power)
    free_.resize(power + 1);
  auto& left = free_[power];
  if (!left.empty()) {
    const auto first = left.back();
    left.pop_back();
    return first;
  }
  const auto first = narrow_ ? short_pool_.size() : pool_.size();
  const auto size = first + (std::size_t{1} << power);
  core::expects(size <= std::numeric_limits<std::uint32_t>::max(),
                "a cohort remembers fewer than four thousand million items");
  if (narrow_)
    resize(short_pool_, size);
  else
    resize(pool_, size);
  return static_cast<std::uint32_t>(first);
}

void item_lists::append_to(std::vector<core::item_id>& out, std::size_t user) const {
  const auto& list = places_[user];
  for (std::uint32_t i = 0; i < list.size; ++i)
    out.push_back(read(list.first + i));
}

std::size_t item_lists::memory_bytes() const {
  auto bytes = places_.capacity() * sizeof(place)
               + pool_.capacity() * sizeof(core::item_id)
               + short_pool_.capacity() * sizeof(std::uint16_t);
  for (const auto& left : free_)
    bytes += left.capacity() * sizeof(std::uint32_t);
  return bytes;
}

} // namespace souk::sim
