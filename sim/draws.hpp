#pragma once

#include "core/portable_math.hpp"
#include "core/random.hpp"

#include <cstdint>

/// How draws within a user's life are numbered. Everything about a session is drawn
/// under the session's number, so that lives under two policies draw alike again with
/// the next session after they diverged (common random numbers).
namespace souk::sim {

/// Slates that a session can have; the places above are for the session's own draws.
constexpr std::uint32_t max_session_slates = 1000;

/// Places of a session's own draws.
constexpr std::uint32_t session_place = 1023; ///< uniforms
constexpr std::uint32_t frailty_place = 1022; ///< normals

/// Returns the step of a slate (or a place) of a session.
constexpr std::uint32_t draw_step(std::uint32_t session, std::uint32_t place) {
  return session << 10 | place;
}

/// Returns exponential number `index` of a site of uniforms, with mean 1.
inline double exponential(const core::draw_site& site, std::uint32_t index) {
  return -core::portable::log(1 - core::uniform(site, index));
}

} // namespace souk::sim
