#pragma once

#include <map>
#include <optional>
#include <string>

namespace souk::core {

/// Instruction sets that give different bits in matrix products and elementary
/// functions.
enum class isa {
  sse4,
  avx2,
  avx512,
  amx, ///< avx512, and products of bf16 and bf16x3 by AMX
};

std::string to_string(isa instructions);

/// The instruction set of this name, if there is one.
std::optional<isa> isa_named(const std::string& name);

/// The widest instruction set of this processor that is chosen unasked: AMX gives bits
/// that other processors with AVX-512 cannot.
isa widest_isa();

/// Whether this processor has an instruction set, and the kernel lets it be used.
bool has_isa(isa wanted);

/// Everything besides the file that numbers depend on: one experiment's cluster has
/// one.
///
/// Keys are words such as "isa", "compiler", "onednn"; the models room adds its
/// libraries.
using numeric_platform = std::map<std::string, std::string>;

/// Returns what core knows: compiler and souk's version.
numeric_platform core_platform();

/// Returns a short name of the platform: the first 16 digits of its digest.
std::string fingerprint(const numeric_platform& platform);

/// Returns what differs, as "isa: avx512 here, avx2 there", or nothing.
std::string difference(const numeric_platform& here, const numeric_platform& there);

/// souk's version, as in "0.1.0".
std::string souk_version();

/// The commit souk was built from, or "unknown".
std::string souk_commit();

/// The machine in words: processor name, cores, memory. Does not influence numbers.
std::map<std::string, std::string> describe_machine();

} // namespace souk::core
