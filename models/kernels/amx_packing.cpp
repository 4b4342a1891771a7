#include "core/error.hpp"
#include "models/kernels/amx_strips.hpp"
#include "models/kernels/amx_tile_layout.hpp"

#include <immintrin.h>

namespace souk::models::kernels {

namespace {

/// Where a tile's numbers begin, and how many lines and places of the inner extent are
/// left from there on.
struct tile_source {
  const float* values;
  std::size_t stride;
  std::size_t lines;
  std::size_t inner;
};

} // namespace

// What follows is compiled for processors that have AVX512_BF16, and only it: nothing
// of the standard library may be instantiated here.
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")
// GCC 12's own headers begin with vectors that nobody wrote.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace {

/// 16 bf16 as floats.
__m512 widened(__m256i halves) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

/// Both rounded, one after the other.
__m512i rounded(__m512 first, __m512 second) {
  return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first));
}

/// What rounding took away.
__m512 rest_of_first(__m512 first, __m512i both) {
  return _mm512_sub_ps(first, widened(_mm512_castsi512_si256(both)));
}

__m512 rest_of_second(__m512 second, __m512i both) {
  return _mm512_sub_ps(second, widened(_mm512_extracti64x4_epi64(both, 1)));
}

/// Transposes 16 rows of 16 pairs of bf16: what is a tile of the left operand, a line a
/// row, is then one of the right, a pair of the inner extent a row, or the other way
/// round.
void transpose(__m512i (&rows)[16]) {
  __m512i next[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    next[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
    next[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    rows[4 * i] = _mm512_unpacklo_epi64(next[4 * i], next[4 * i + 2]);
    rows[4 * i + 1] = _mm512_unpackhi_epi64(next[4 * i], next[4 * i + 2]);
    rows[4 * i + 2] = _mm512_unpacklo_epi64(next[4 * i + 1], next[4 * i + 3]);
    rows[4 * i + 3] = _mm512_unpackhi_epi64(next[4 * i + 1], next[4 * i + 3]);
  }
  constexpr int even_lanes = 0x88;
  constexpr int odd_lanes = 0xDD;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    next[i] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], even_lanes);
    next[i + 4] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], odd_lanes);
    next[i + 8] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], even_lanes);
    next[i + 12] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], odd_lanes);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    rows[i] = _mm512_shuffle_i32x4(next[i], next[i + 8], even_lanes);
    rows[i + 4] = _mm512_shuffle_i32x4(next[i + 4], next[i + 12], even_lanes);
    rows[i + 8] = _mm512_shuffle_i32x4(next[i], next[i + 8], odd_lanes);
    rows[i + 12] = _mm512_shuffle_i32x4(next[i + 4], next[i + 12], odd_lanes);
  }
}

void store_tile(__m512i (&rows)[16], bool transposed, bf16* tile) {
  if (transposed)
    transpose(rows);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i)
    _mm512_store_si512(tile + i * tile_inner, rows[i]);
}

/// Packs 16 lines times 32 of the inner extent into a tile, or into one for each term.
/// A row of the source is a line.
template <bool HasRest>
void pack_tile_of_rows(tile_source from, bool transposed, bf16* tile, bf16* rest_tile) {
  const auto first_half = first_lanes(from.inner);
  const auto second_half = first_lanes(left_from(16, from.inner));
  __m512i rows[16];
  __m512i rests[16];
  for (std::size_t i = 0; i < 16; ++i) {
    const auto is_there = i < from.lines;
    const auto* row = from.values + i * from.stride;
    const auto first = _mm512_maskz_loadu_ps(is_there ? first_half : 0, row);
    const auto second = _mm512_maskz_loadu_ps(is_there ? second_half : 0, row + 16);
    rows[i] = rounded(first, second);
    if (HasRest)
      rests[i] =
        rounded(rest_of_first(first, rows[i]), rest_of_second(second, rows[i]));
  }
  store_tile(rows, transposed, tile);
  if (HasRest)
    store_tile(rests, transposed, rest_tile);
}

/// The same, where a column of the source is a line.
template <bool HasRest>
void pack_tile_of_columns(tile_source from,
                          bool transposed,
                          bf16* tile,
                          bf16* rest_tile) {
  // first 0, second 0, first 1, second 1, ...
  const auto in_pairs =
    _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23,
                     7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const auto lanes = first_lanes(from.lines);
  __m512i rows[16];
  __m512i rests[16];
  for (std::size_t i = 0; i < 16; ++i) {
    const auto* row = from.values + 2 * i * from.stride;
    const auto first = _mm512_maskz_loadu_ps(2 * i < from.inner ? lanes : 0, row);
    const auto second =
      _mm512_maskz_loadu_ps(2 * i + 1 < from.inner ? lanes : 0, row + from.stride);
    const auto both = rounded(first, second);
    rows[i] = _mm512_permutexvar_epi16(in_pairs, both);
    if (HasRest)
      rests[i] = _mm512_permutexvar_epi16(
        in_pairs, rounded(rest_of_first(first, both), rest_of_second(second, both)));
  }
  store_tile(rows, transposed, tile);
  if (HasRest)
    store_tile(rests, transposed, rest_tile);
}

} // namespace

#pragma GCC diagnostic pop
#pragma GCC pop_options

namespace {

using tile_packer = void (*)(tile_source, bool, bf16*, bf16*);

/// Packs every tile of a strip. A line, and a place of the inner extent, are so far
/// apart.
void pack_tiles(tile_packer pack,
                bf16_terms terms,
                tile_source whole,
                std::size_t line_distance,
                std::size_t inner_distance,
                bool transposed,
                bf16* strip) {
  core::expects(whole.lines <= strip_lines, "a strip has room for its lines");
  for (std::size_t chunk = 0; chunk < chunks_of(whole.inner); ++chunk)
    for (std::size_t half = 0; half < 2; ++half) {
      const auto line = half * tile_lines;
      const auto place = chunk * tile_inner;
      pack({whole.values + line * line_distance + place * inner_distance, whole.stride,
            left_from(line, whole.lines), left_from(place, whole.inner)},
           transposed, strip + tile_at(terms, chunk, 0, half),
           terms == bf16_terms::two ? strip + tile_at(terms, chunk, 1, half) : nullptr);
    }
}

} // namespace

void pack_rows(strip_side side, bf16_terms terms, const_matrix rows, bf16* strip) {
  pack_tiles(terms == bf16_terms::two ? pack_tile_of_rows<true>
                                      : pack_tile_of_rows<false>,
             terms, {rows.data, rows.stride, rows.rows, rows.columns}, rows.stride, 1,
             side == strip_side::right, strip);
}

void pack_columns(strip_side side,
                  bf16_terms terms,
                  const_matrix columns,
                  bf16* strip) {
  pack_tiles(terms == bf16_terms::two ? pack_tile_of_columns<true>
                                      : pack_tile_of_columns<false>,
             terms, {columns.data, columns.stride, columns.columns, columns.rows}, 1,
             columns.stride, side == strip_side::left, strip);
}

} // namespace souk::models::kernels
