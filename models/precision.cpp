#include "models/precision.hpp"

#include "core/error.hpp"
#include "core/platform.hpp"
#include "models/kernels/bf16_multiplier.hpp"
#include "models/kernels/instruction_set.hpp"

namespace souk::models {

std::optional<precision> precision_named(const std::string& name) {
  if (name == "fp32")
    return precision::fp32;
  if (name == "bf16")
    return precision::bf16;
  if (name == "bf16x3")
    return precision::bf16x3;
  return {};
}

void check_precision(precision wanted) {
  if (wanted == precision::bf16 && !kernels::has_bf16_products())
    throw core::error::request("this processor multiplies no bf16 (AVX512_BF16)",
                               "training.precision",
                               "choose fp32, or math.isa: auto where it is pinned");
  if (wanted == precision::bf16x3 && kernels::settled_isa() != core::isa::amx)
    throw core::error::request(
      "bf16x3 is computed by AMX only, which is not in use", "training.precision",
      core::has_isa(core::isa::amx) ? "ask for it with math: {isa: amx}"
                                    : "choose fp32: this processor has no AMX");
}

} // namespace souk::models
