#pragma once

#include "core/random.hpp"

#include <cstdint>

/// Names of a catalogue's draws.
namespace souk::sim {

/// What is drawn of an item, a category or a department: the step of its draws.
enum class catalogue_draw : std::uint32_t {
  vector = 0,   ///< normals
  price = 1,    ///< normals
  quality = 2,  ///< normals
  place = 3,    ///< uniforms: category
  brand = 4,    ///< uniforms
  keywords = 5, ///< bounded integers
  launch_order = 6,
  launch_day = 7, ///< bounded integers
  rank = 8,       ///< of popularity
  campaign = 9,   ///< uniforms: whether it is part of campaign number `index`
};

inline core::draw_site
site_of(std::uint64_t seed, std::uint64_t item, catalogue_draw what) {
  return {seed, core::stream::catalogue, item, static_cast<std::uint32_t>(what)};
}

inline core::draw_site
site_of_category(std::uint64_t seed, std::uint64_t category, catalogue_draw what) {
  return site_of(seed, (std::uint64_t{1} << 40) + category, what);
}

inline core::draw_site
site_of_department(std::uint64_t seed, std::uint64_t department, catalogue_draw what) {
  return site_of(seed, (std::uint64_t{2} << 40) + department, what);
}

inline core::draw_site site_of_all(std::uint64_t seed, catalogue_draw what) {
  return site_of(seed, std::uint64_t{3} << 40, what);
}

} // namespace souk::sim
