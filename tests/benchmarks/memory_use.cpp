#include "tests/benchmarks/memory_use.hpp"

#include <sys/resource.h>

#include <fstream>
#include <string>

namespace souk::benchmarks {

namespace {

/// Returns a line of /proc/self/status that is in kB, in MB.
double status_mb(const std::string& name) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (word == name + ':') {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes / 1024;
    }
  return 0;
}

} // namespace

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

memory_above::memory_above() : before_{status_mb("VmRSS")} {
  std::ofstream{"/proc/self/clear_refs"} << 5; // proc(5): forgets the peak
}

double memory_above::mb() const {
  return status_mb("VmHWM") - before_;
}

} // namespace souk::benchmarks
