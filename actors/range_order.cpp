#include "actors/range_order.hpp"

#include <algorithm>

namespace souk::actors {

using kind = range_event::kind;

std::vector<std::uint64_t> packed(const range_order& order) {
  std::vector<std::uint64_t> words;
  words.reserve(order.size());
  for (const auto& event : order)
    words.push_back(event.turn << 1U | static_cast<std::uint64_t>(event.what));
  return words;
}

range_order unpacked(const std::vector<std::uint64_t>& words) {
  range_order order;
  order.reserve(words.size());
  for (const auto word : words)
    order.push_back({static_cast<kind>(word & 1U), word >> 1U});
  return order;
}

bool is_complete(const range_order& order, std::uint64_t first, std::uint64_t last) {
  // What happened to each turn so far: nothing, read, applied.
  std::vector<char> seen(static_cast<std::size_t>(last - first));
  for (const auto& event : order) {
    if (event.turn < first || event.turn >= last)
      return false;
    auto& turn = seen[static_cast<std::size_t>(event.turn - first)];
    if (turn != (event.what == kind::read ? 0 : 1))
      return false;
    ++turn;
  }
  return std::all_of(seen.begin(), seen.end(), [](char turn) { return turn == 2; });
}

std::map<std::uint64_t, std::uint64_t> staleness_in(const range_order& order) {
  std::map<std::uint64_t, std::uint64_t> counts;
  std::map<std::uint64_t, std::uint64_t> version_read; // by turn
  std::uint64_t version = 0;
  for (const auto& event : order)
    if (event.what == kind::read) {
      version_read[event.turn] = version;
    } else {
      ++counts[version - version_read[event.turn]];
      version_read.erase(event.turn);
      ++version;
    }
  return counts;
}

} // namespace souk::actors
