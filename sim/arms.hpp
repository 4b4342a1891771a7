#pragma once

#include "core/ids.hpp"
#include "sim/options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// Which policy serves whom where the users of a world are shared out (`design: ab`).
/// Users never meet, so an arm lives by itself as it would beside the others.
namespace souk::sim {

/// Returns the number of the policy that serves a user of world `seed`: drawn by the
/// user's number, each policy with a chance in proportion to its share.
std::size_t
arm_of(const simulation_options& options, std::uint64_t seed, core::user_id user);

/// Returns the number of a policy that serves its share of the users only; nothing
/// where it serves all of them.
std::optional<std::size_t> arm_of_policy(const simulation_options& options,
                                         const std::string& policy);

} // namespace souk::sim
