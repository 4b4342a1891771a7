#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace souk::models {

/// In what the decoder's products are computed; weights and sums are always float.
enum class precision : std::uint8_t {
  fp32,
  bf16, ///< operands rounded to bf16 (AVX512_BF16, or AMX where `core::isa::amx` is
        ///< used)
  /// Operands rounded to sums of two bf16, 16 bits of fraction, and three products of
  /// them (`core::isa::amx` only): between TF32 and fp32.
  bf16x3,
};

/// The precision of this name, if there is one.
std::optional<precision> precision_named(const std::string& name);

/// Throws `error` of the request if this processor, as far as it is used, does not
/// compute in a precision. Settles the instruction set.
void check_precision(precision wanted);

} // namespace souk::models
