#include "core/platform.hpp"

#include "core/error.hpp"
#include "models/model.hpp"

#include <dnnl.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

#include <mutex>
#include <optional>

namespace souk::models {

namespace {

std::mutex choice_lock;
std::optional<core::isa> choice;

dnnl_cpu_isa_t for_onednn(core::isa widest) {
  switch (widest) {
  case core::isa::sse4:
    return dnnl_cpu_isa_sse41;
  case core::isa::avx2:
    return dnnl_cpu_isa_avx2;
  case core::isa::avx512:
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
    break;
  }
  return HWY_AVX3_DL;
}

} // namespace

void use_isa(core::isa widest) {
  const std::lock_guard lock{choice_lock};
  if (choice == widest)
    return;
  const auto name = core::to_string(widest);
  if (widest > core::widest_isa())
    throw core::error::request("this processor has no " + name, "math.isa",
                               "choose " + core::to_string(core::widest_isa())
                                 + " or auto, on all nodes of a cluster");
  if (choice || dnnl_set_max_cpu_isa(for_onednn(widest)) != dnnl_success)
    throw core::error::request(
      "products were already computed with another instruction "
      "set than "
        + name,
      "math.isa", "choose the instruction set once, at start");
  hwy::DisableTargets(targets_beyond(widest));
  choice = widest;
}

core::numeric_platform platform() {
  auto entries = core::core_platform();
  const auto* onednn = dnnl_version();
  {
    const std::lock_guard lock{choice_lock};
    entries["isa"] = core::to_string(choice.value_or(core::widest_isa()));
  }
  entries["onednn"] = std::to_string(onednn->major) + "."
                      + std::to_string(onednn->minor) + "."
                      + std::to_string(onednn->patch);
  entries["highway"] = std::to_string(HWY_MAJOR) + "." + std::to_string(HWY_MINOR) + "."
                       + std::to_string(HWY_PATCH);
  return entries;
}

} // namespace souk::models
