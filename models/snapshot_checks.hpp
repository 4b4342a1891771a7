#pragma once

#include "core/snapshot.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What is asked of a snapshot before it is trusted: files are read back from disks,
/// and trainings diverge.
namespace souk::models {

/// Returns a tensor of floats of exactly this shape. Throws `error` naming kind and
/// tensor if it is absent, has another shape, or holds a number that is not finite.
const core::named_tensor& floats_of(const core::snapshot& model,
                                    const std::string& name,
                                    const std::vector<std::uint64_t>& shape);

/// Returns a tensor of integers of exactly this shape; throws likewise.
const core::named_tensor& integers_of(const core::snapshot& model,
                                      const std::string& name,
                                      const std::vector<std::uint64_t>& shape);

/// Returns an option that is a whole number below 2^32. Throws `error` if it is not.
std::uint64_t whole_number(const core::snapshot& model, const std::string& option);

/// Returns an option that is a list of whole numbers, "600,200" or empty.
std::vector<std::uint64_t> whole_numbers(const core::snapshot& model,
                                         const std::string& option);

/// Throws the `error` of a snapshot that is not whole.
[[noreturn]] void refuse_snapshot(const core::snapshot& model, const std::string& what);

} // namespace souk::models
