#include "core/platform.hpp"

#include "core/digest.hpp"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace souk::core {

namespace {

/// Linux saves AMX's registers for processes that asked for it
/// (Documentation/arch/x86/xstate.rst); asking again does no harm.
bool may_use_amx() {
  constexpr long ask_for_component = 0x1023; // ARCH_REQ_XCOMP_PERM
  constexpr long tile_data = 18;
  constexpr unsigned bf16_bit = 1U << 22U;
  constexpr unsigned tile_bit = 1U << 24U;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & bf16_bit) != 0
         && (d & tile_bit) != 0
         && syscall(SYS_arch_prctl, ask_for_component, tile_data) == 0;
}

} // namespace

std::string to_string(isa instructions) {
  switch (instructions) {
  case isa::sse4:
    return "sse4";
  case isa::avx2:
    return "avx2";
  case isa::avx512:
    return "avx512";
  case isa::amx:
    return "amx";
  }
  return "unknown";
}

std::optional<isa> isa_named(const std::string& name) {
  for (const auto known : {isa::sse4, isa::avx2, isa::avx512, isa::amx})
    if (name == to_string(known))
      return known;
  return {};
}

isa widest_isa() {
  // oneDNN's AVX-512 kernels need all four extensions (SKX).
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return isa::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return isa::avx2;
  return isa::sse4;
}

bool has_isa(isa wanted) {
  if (wanted == isa::amx)
    return widest_isa() == isa::avx512 && __builtin_cpu_supports("avx512bf16") != 0
           && may_use_amx();
  return wanted <= widest_isa();
}

numeric_platform core_platform() {
  return {{"compiler", "gcc " __VERSION__}, {"souk", souk_version()}};
}

std::string fingerprint(const numeric_platform& platform) {
  digest whole;
  for (const auto& [key, value] : platform) {
    whole.feed(key);
    whole.feed(value);
  }
  return whole.finish().substr(0, 16);
}

std::string difference(const numeric_platform& here, const numeric_platform& there) {
  auto keys = here;
  keys.insert(there.begin(), there.end());
  const auto value_in = [](const numeric_platform& platform, const std::string& key) {
    const auto found = platform.find(key);
    return found == platform.end() ? std::string{"nothing"} : found->second;
  };
  std::string text;
  for (const auto& [key, unused] : keys) {
    const auto mine = value_in(here, key);
    const auto theirs = value_in(there, key);
    if (mine != theirs)
      text +=
        (text.empty() ? "" : ", ") + key + ": " + mine + " here, " + theirs + " there";
  }
  return text;
}

std::string souk_version() {
  return SOUK_VERSION;
}

std::string souk_commit() {
  return SOUK_COMMIT;
}

std::map<std::string, std::string> describe_machine() {
  std::map<std::string, std::string> machine;
  std::ifstream processors{"/proc/cpuinfo"};
  for (std::string line; std::getline(processors, line);)
    if (line.rfind("model name", 0) == 0) {
      machine["processor"] = line.substr(line.find(':') + 2);
      break;
    }
  machine["cores"] = std::to_string(std::thread::hardware_concurrency());
  const auto pages = sysconf(_SC_PHYS_PAGES);
  const auto page_size = sysconf(_SC_PAGE_SIZE);
  machine["memory_mb"] = std::to_string(pages / 1024 * page_size / 1024);
  return machine;
}

} // namespace souk::core
