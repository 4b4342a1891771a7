#include "data/name_table.hpp"

#include "core/error.hpp"
#include "data/text.hpp"

#include <cstring>

namespace souk::data {

namespace {

/// Mixes eight bytes at a time (multiply and fold, after wyhash). Only decides places
/// in a table: names are numbered by appearance, whatever their hashes are.
std::uint32_t hash_of(std::string_view name) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U;
  auto hash = name.size() * odd;
  const auto* bytes = name.data();
  auto left = name.size();
  while (left > 0) {
    std::uint64_t word = 0;
    const auto taken = left < sizeof word ? left : sizeof word;
    std::memcpy(&word, bytes, taken);
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
    bytes += taken;
    left -= taken;
  }
  return static_cast<std::uint32_t>(hash ^ (hash >> 29));
}

} // namespace

name_table::name_table() : slots_(1024) {
  // nop
}

std::string_view name_table::operator[](std::uint32_t number) const {
  const auto begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view{letters_}.substr(begin, ends_[number] - begin);
}

std::size_t name_table::slot_of(std::string_view name, std::uint32_t hash) const {
  const auto mask = slots_.size() - 1;
  auto place = hash & mask;
  while (slots_[place].number != absent
         && !(slots_[place].hash == hash && (*this)[slots_[place].number] == name))
    place = (place + 1) & mask;
  return place;
}

std::uint32_t name_table::number_of(std::string_view name) {
  return is_ascii(name) ? add_or_find(name) : add_or_find(to_utf8(name));
}

std::uint32_t name_table::find(std::string_view name) const {
  const auto text = is_ascii(name) ? std::string{name} : to_utf8(name);
  return slots_[slot_of(text, hash_of(text))].number;
}

std::uint32_t name_table::add_or_find(std::string_view name) {
  const auto hash = hash_of(name);
  auto place = slot_of(name, hash);
  if (slots_[place].number != absent)
    return slots_[place].number;
  if (ends_.size() * 2 >= slots_.size()) {
    grow();
    place = slot_of(name, hash);
  }
  core::expects(ends_.size() < absent, "a source has fewer than 2^32 names");
  const auto number = size();
  letters_ += name;
  ends_.push_back(letters_.size());
  slots_[place] = {number, hash};
  return number;
}

void name_table::grow() {
  std::vector<slot> larger(slots_.size() * 2);
  const auto mask = larger.size() - 1;
  for (const auto& old : slots_) {
    if (old.number == absent)
      continue;
    auto place = old.hash & mask;
    while (larger[place].number != absent)
      place = (place + 1) & mask;
    larger[place] = old;
  }
  slots_ = std::move(larger);
}

} // namespace souk::data
