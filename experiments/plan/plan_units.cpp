#include "experiments/plan/plan_units.hpp"

#include "core/error.hpp"
#include "experiments/config/position.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace souk::experiments {

namespace {

constexpr std::uint32_t nodes_max = 1024;

using unit = std::pair<const char*, double>;

[[noreturn]] void
refuse(const std::string& what, const std::string& flag, const std::string& remedy) {
  throw core::error::request(what, "souk plan " + flag, remedy);
}

/// A plain decimal number (no sign, no exponent) and what follows it.
std::optional<std::pair<double, std::string>> split(const std::string& text) {
  const auto end = text.find_first_not_of("0123456789.");
  const auto digits = text.substr(0, end);
  if (digits.empty() || digits.front() == '.' || digits.back() == '.'
      || std::count(digits.begin(), digits.end(), '.') > 1)
    return std::nullopt;
  double value = 0;
  const auto read =
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
    return std::nullopt;
  return std::pair{value, end == std::string::npos ? "" : text.substr(end)};
}

/// The number times its unit; nothing if either is none.
template <std::size_t Count>
std::optional<double> with_unit(const std::string& text, const unit (&units)[Count]) {
  const auto parts = split(text);
  if (!parts)
    return std::nullopt;
  for (const auto& [name, factor] : units)
    if (parts->second == name)
      return parts->first * factor;
  return std::nullopt;
}

std::optional<std::uint32_t> parse_count(const std::string& text) {
  std::uint32_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end || value < 1
      || value > nodes_max)
    return std::nullopt;
  return value;
}

bool is_power_of_two(std::uint32_t value) {
  return (value & (value - 1)) == 0;
}

/// `8` or `2..1024`.
std::vector<std::uint32_t> parse_piece(const std::string& piece,
                                       const std::string& flag) {
  const auto dots = piece.find("..");
  const auto first = parse_count(piece.substr(0, dots));
  const auto last =
    dots == std::string::npos ? first : parse_count(piece.substr(dots + 2));
  if (!first || !last)
    refuse("\"" + one_line(piece, 40) + "\" is no number of nodes from 1 to "
             + std::to_string(nodes_max),
           flag, "write 2..1024, 8, or 1,2,3,4");
  if (dots == std::string::npos)
    return {*first};
  if (!is_power_of_two(*first) || !is_power_of_two(*last) || *first > *last)
    refuse("\"" + one_line(piece, 40)
             + "\" is no range from a power of two up to another",
           flag, "write 2..1024, or list the numbers: 3,5,6");
  std::vector<std::uint32_t> nodes;
  for (auto count = *first; count <= *last; count *= 2)
    nodes.push_back(count);
  return nodes;
}

} // namespace

double parse_bandwidth(const std::string& text, const std::string& flag) {
  static constexpr unit units[] = {
    {"kbit", 1e3 / 8}, {"Mbit", 1e6 / 8}, {"Gbit", 1e9 / 8}, {"Tbit", 1e12 / 8},
    {"kB", 1e3},       {"MB", 1e6},       {"GB", 1e9},       {"TB", 1e12}};
  const auto value = with_unit(text, units);
  if (!value || *value <= 0)
    refuse("\"" + one_line(text, 40) + "\" is no bandwidth", flag,
           "write a number and a unit, a second: 10Gbit, 1.2GB, 100Mbit");
  return *value;
}

double parse_latency(const std::string& text, const std::string& flag) {
  static constexpr unit units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  if (text == "0")
    return 0;
  const auto value = with_unit(text, units);
  if (!value)
    refuse("\"" + one_line(text, 40) + "\" is no latency", flag,
           "write a number and a unit, one way: 50us, 1.5ms, 0");
  return *value;
}

std::vector<std::uint32_t> parse_nodes(const std::string& text,
                                       const std::string& flag) {
  std::vector<std::uint32_t> nodes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    for (const auto count : parse_piece(text.substr(begin, end - begin), flag)) {
      if (!nodes.empty() && count <= nodes.back())
        refuse("the numbers of nodes do not ascend at " + std::to_string(count), flag,
               "write each once, the smallest first");
      nodes.push_back(count);
    }
    begin = end + 1;
  }
  return nodes;
}

} // namespace souk::experiments
