#include "core/clock.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace souk::core {

namespace {

std::string formatted_utc(const char* format) {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), format, &parts);
  return text.data();
}

} // namespace

double seconds_now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

std::string utc_now() {
  return formatted_utc("%Y-%m-%dT%H:%M:%SZ");
}

std::string compact_utc_now() {
  return formatted_utc("%Y%m%dT%H%M%SZ");
}

} // namespace souk::core
