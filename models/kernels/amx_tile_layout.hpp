#pragma once

#include "models/kernels/amx_strips.hpp"

#include <cstddef>
#include <cstdint>

/// How strips lie in memory: what packs them and what multiplies them agree here.
namespace souk::models::kernels {

constexpr std::size_t tile_lines = 16;
constexpr std::size_t tile_inner = 32;
constexpr std::size_t tile_size = tile_lines * tile_inner;

inline std::size_t chunks_of(std::size_t inner) {
  return (inner + tile_inner - 1) / tile_inner;
}

/// Where a tile is in a strip: chunks of the inner extent lie one after the other, each
/// with its terms, each with its two tiles of lines.
inline std::size_t
tile_at(bf16_terms terms, std::size_t chunk, std::size_t term, std::size_t half) {
  return ((chunk * static_cast<std::size_t>(terms) + term) * 2 + half) * tile_size;
}

/// How many of `count` are left from `begin` on.
inline std::size_t left_from(std::size_t begin, std::size_t count) {
  return begin < count ? count - begin : 0;
}

/// A bit for each of the first `count` of 16 lanes.
inline std::uint16_t first_lanes(std::size_t count) {
  return static_cast<std::uint16_t>(count >= 16 ? 0xFFFFU : (1U << count) - 1U);
}

} // namespace souk::models::kernels
