#include "sim/market_totals.hpp"

#include "core/error.hpp"

#include <cmath>

namespace souk::sim {

namespace {

void put(std::vector<std::uint8_t>& bytes, std::uint64_t value) {
  for (int i = 0; i < 8; ++i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Reads numbers and names one after another, and refuses to read beyond the end.
class reader {
public:
  explicit reader(core::span<const std::uint8_t> bytes) : bytes_{bytes} {
    // nop
  }

  std::uint64_t number() {
    require(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    at_ += 8;
    return value;
  }

  std::string text() {
    const auto size = number();
    require(size);
    const auto* first = bytes_.data() + at_;
    at_ += size;
    return {first, first + size};
  }

  void finish() const {
    if (at_ != bytes_.size())
      refuse();
  }

private:
  void require(std::uint64_t size) const {
    if (size > bytes_.size() - at_)
      refuse();
  }

  [[noreturn]] static void refuse() {
    throw core::error{"a market's totals are not whole", "market totals",
                      "run all processes with the same souk"};
  }

  core::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

} // namespace

std::int64_t in_millionths(double value) {
  return static_cast<std::int64_t>(std::floor(value * 1e6 + 0.5));
}

void market_totals::merge(const market_totals& other) {
  for (const auto& [name, part] : other.groups) {
    auto& sum = groups[name];
    for (std::size_t i = 0; i < num_tallies; ++i)
      sum.values[i] += part.values[i];
  }
}

std::vector<std::uint8_t> market_totals::packed() const {
  std::vector<std::uint8_t> bytes;
  put(bytes, num_tallies);
  put(bytes, groups.size());
  for (const auto& [name, sums] : groups) {
    put(bytes, name.size());
    bytes.insert(bytes.end(), name.begin(), name.end());
    for (const auto value : sums.values)
      put(bytes, static_cast<std::uint64_t>(value));
  }
  return bytes;
}

market_totals market_totals::unpack(core::span<const std::uint8_t> bytes) {
  market_totals totals;
  reader in{bytes};
  if (in.number() != num_tallies)
    throw core::error{"a market's totals have another layout", "market totals",
                      "run all processes with the same souk"};
  for (auto left = in.number(); left > 0; --left) {
    auto& sums = totals.groups[in.text()];
    for (auto& value : sums.values)
      value = static_cast<std::int64_t>(in.number());
  }
  in.finish();
  return totals;
}

} // namespace souk::sim
