#include "models/kernels/instruction_set.hpp"

#include "core/error.hpp"

#include <dnnl.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

#include <atomic>
#include <mutex>

namespace souk::models::kernels {

namespace {

constexpr int undecided = -1;

std::mutex choice_lock;
std::atomic<int> choice{undecided};

dnnl_cpu_isa_t for_onednn(core::isa widest) {
  switch (widest) {
  case core::isa::sse4:
    return dnnl_cpu_isa_sse41;
  case core::isa::avx2:
    return dnnl_cpu_isa_avx2;
  case core::isa::avx512:
  case core::isa::amx: // whose products are ours (`amx_strips`)
    break;
  }
  return dnnl_cpu_isa_avx512_core_bf16;
}

/// The Highway targets above an instruction set.
std::int64_t targets_beyond(core::isa widest) {
  constexpr std::int64_t avx512 = HWY_AVX3 | HWY_AVX3_DL;
  switch (widest) {
  case core::isa::sse4:
    return avx512 | HWY_AVX2;
  case core::isa::avx2:
    return avx512;
  case core::isa::avx512:
  case core::isa::amx:
    break;
  }
  return HWY_AVX3_DL;
}

/// Holds both libraries to a set; the caller holds the lock.
void settle_on(core::isa widest) {
  core::expects(dnnl_set_max_cpu_isa(for_onednn(widest)) == dnnl_success,
                "oneDNN is not used before its instruction set has settled");
  hwy::DisableTargets(targets_beyond(widest));
  choice = static_cast<int>(widest);
}

} // namespace

void use_isa(core::isa widest) {
  const std::lock_guard lock{choice_lock};
  if (choice == static_cast<int>(widest))
    return;
  const auto name = core::to_string(widest);
  if (!core::has_isa(widest))
    throw core::error::request("this processor has no " + name, "math.isa",
                               "choose " + core::to_string(core::widest_isa())
                                 + " or auto, on all nodes of a cluster");
  if (choice != undecided)
    throw core::error::request(
      "products were already computed with another instruction "
      "set than "
        + name,
      "math.isa", "choose the instruction set once, at start");
  settle_on(widest);
}

core::isa settled_isa() {
  if (choice == undecided) {
    const std::lock_guard lock{choice_lock};
    if (choice == undecided)
      settle_on(core::widest_isa());
  }
  return static_cast<core::isa>(choice.load());
}

std::string onednn_isa() {
  settled_isa();
  switch (dnnl_get_effective_cpu_isa()) {
  case dnnl_cpu_isa_sse41:
    return "sse41";
  case dnnl_cpu_isa_avx:
    return "avx";
  case dnnl_cpu_isa_avx2:
    return "avx2";
  case dnnl_cpu_isa_avx512_core:
    return "avx512_core";
  case dnnl_cpu_isa_avx512_core_vnni:
    return "avx512_core_vnni";
  case dnnl_cpu_isa_avx512_core_bf16:
    return "avx512_core_bf16";
  default:
    return "unknown";
  }
}

} // namespace souk::models::kernels
