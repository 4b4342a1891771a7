#include "core/platform.hpp"

#include "models/kernels/instruction_set.hpp"
#include "models/model.hpp"

#include <dnnl.h>
#include <hwy/highway.h>

namespace souk::models {

void use_isa(core::isa widest) {
  kernels::use_isa(widest);
}

core::numeric_platform platform() {
  auto entries = core::core_platform();
  const auto* onednn = dnnl_version();
  entries["isa"] = core::to_string(kernels::settled_isa());
  entries["onednn"] = std::to_string(onednn->major) + "."
                      + std::to_string(onednn->minor) + "."
                      + std::to_string(onednn->patch);
  entries["onednn_isa"] = kernels::onednn_isa();
  entries["highway"] = std::to_string(HWY_MAJOR) + "." + std::to_string(HWY_MINOR) + "."
                       + std::to_string(HWY_PATCH);
  return entries;
}

} // namespace souk::models
