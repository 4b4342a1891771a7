#include "experiments/number_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace souk::experiments {

namespace {

struct unit {
  const char* name;
  double size;
};

template <std::size_t Count>
std::string in_units(double value, const unit (&units)[Count]) {
  constexpr auto rounds_to_one = 0.9995; // of the next unit
  const auto* chosen = &units[0];
  for (const auto& each : units)
    if (value >= rounds_to_one * each.size)
      chosen = &each;
  const auto number = value / chosen->size;
  char text[48];
  std::snprintf(text, sizeof text, number < 999.5 ? "%.3g %s" : "%.0f %s", number,
                chosen->name);
  return text;
}

} // namespace

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto place = text.size(); place > 3; place -= 3)
    text.insert(place - 3, ",");
  return text;
}

std::string rate_text(double per_second) {
  if (per_second >= 99.95)
    return grouped(
      static_cast<std::uint64_t>(std::llround(std::min(per_second, 1e18))));
  char text[16];
  std::snprintf(text, sizeof text, per_second >= 9.995 ? "%.1f" : "%.2f", per_second);
  return text;
}

std::string clock_text(double seconds) {
  if (!(seconds < 3.6e6))
    return "days";
  const auto whole = static_cast<int>(std::lround(seconds));
  char text[32];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%d:%02d:%02d", whole / 3600, whole / 60 % 60,
                  whole % 60);
  else
    std::snprintf(text, sizeof text, "%d:%02d", whole / 60, whole % 60);
  return text;
}

std::string bytes_text(double bytes) {
  static constexpr unit units[] = {
    {"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
  return in_units(bytes, units);
}

std::string seconds_text(double seconds) {
  static constexpr unit units[] = {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  return in_units(seconds, units);
}

std::string percent_text(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f%%", 100 * share);
  return text;
}

} // namespace souk::experiments
