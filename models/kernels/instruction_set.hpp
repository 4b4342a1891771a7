#pragma once

#include "core/platform.hpp"

#include <string>

/// The instruction set that products and kernels are held to. It settles once, at the
/// first product at the latest: on what was chosen by then, or else on
/// `core::widest_isa`. oneDNN's own choice (DNNL_MAX_CPU_ISA, or extensions beyond
/// those that souk distinguishes) does not count.
namespace souk::models::kernels {

/// Chooses. Throws `error` of the request if the processor has less, or if another set
/// has settled.
void use_isa(core::isa widest);

/// Settles, and returns the set.
core::isa settled_isa();

/// Settles, and returns what oneDNN says that it uses, as in "avx512_core_bf16".
std::string onednn_isa();

} // namespace souk::models::kernels
