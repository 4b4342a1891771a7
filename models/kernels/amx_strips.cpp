#include "models/kernels/amx_strips.hpp"

#include "core/error.hpp"

#include <immintrin.h>

#include <algorithm>
#include <cstdint>

namespace souk::models::kernels {

namespace {

constexpr std::size_t tile_lines = 16;
constexpr std::size_t tile_inner = 32;
constexpr std::size_t tile_size = tile_lines * tile_inner;
constexpr std::size_t tile_row_bytes = 64;

std::size_t chunks_of(std::size_t inner) {
  return (inner + tile_inner - 1) / tile_inner;
}

/// A tile in a strip: chunks of the inner extent one after the other, each with its
/// terms, each with its two tiles of lines.
std::size_t
tile_at(bf16_terms terms, std::size_t chunk, std::size_t term, std::size_t half) {
  return ((chunk * static_cast<std::size_t>(terms) + term) * 2 + half) * tile_size;
}

/// How many of `count` are left from `begin` on, at most `room`.
std::size_t left_of(std::size_t count, std::size_t begin, std::size_t room) {
  return begin < count ? std::min(room, count - begin) : 0;
}

} // namespace

std::size_t strip_shape::size() const {
  return tile_at(terms, chunks_of(inner), 0, 0);
}

// What follows is compiled for processors that have AMX, and only it: nothing of the
// standard library may be instantiated here.
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16")
// GCC 12's own headers begin with vectors that nobody wrote.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace {

/// The first `count` of 16 lanes.
__mmask16 first_lanes(std::size_t count) {
  return static_cast<__mmask16>(count >= 16 ? 0xFFFFU : (1U << count) - 1U);
}

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
/// A row of `values` is a line.
template <bool HasRest>
void pack_tile_of_rows(const float* values,
                       std::size_t stride,
                       std::size_t lines,
                       std::size_t inner,
                       bool transposed,
                       bf16* tile,
                       bf16* rest_tile) {
  const auto first_half = first_lanes(inner);
  const auto second_half = first_lanes(inner < 16 ? 0 : inner - 16);
  __m512i rows[16];
  __m512i rests[16];
  for (std::size_t i = 0; i < 16; ++i) {
    const auto is_there = i < lines;
    const auto* row = values + i * stride;
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

/// The same, where a column of `values` is a line.
template <bool HasRest>
void pack_tile_of_columns(const float* values,
                          std::size_t stride,
                          std::size_t lines,
                          std::size_t inner,
                          bool transposed,
                          bf16* tile,
                          bf16* rest_tile) {
  // first 0, second 0, first 1, second 1, ...
  const auto in_pairs =
    _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23,
                     7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const auto lanes = first_lanes(lines);
  __m512i rows[16];
  __m512i rests[16];
  for (std::size_t i = 0; i < 16; ++i) {
    const auto* row = values + 2 * i * stride;
    const auto first = _mm512_maskz_loadu_ps(2 * i < inner ? lanes : 0, row);
    const auto second =
      _mm512_maskz_loadu_ps(2 * i + 1 < inner ? lanes : 0, row + stride);
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

/// Loads two tiles of lines of the left operand, or of the right one.
void load_left(const bf16* tiles) {
  _tile_loadd(4, tiles, tile_row_bytes);
  _tile_loadd(5, tiles + tile_size, tile_row_bytes);
}

void load_right(const bf16* tiles) {
  _tile_loadd(6, tiles, tile_row_bytes);
  _tile_loadd(7, tiles + tile_size, tile_row_bytes);
}

/// Adds to the sums (tiles 0 to 3) what is loaded.
void add_product() {
  _tile_dpbf16ps(0, 4, 6);
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
}

/// Asks for the memory of some rows of `out`, which are written soon, where they are so
/// far apart that the processor does not see them coming.
void fetch_rows(const matrix& out, std::size_t begin, std::size_t end) {
  constexpr std::size_t page = 4096 / sizeof(float);
  if (out.stride < page)
    return;
  for (auto row = begin; row < end && row < out.rows; ++row) {
    const auto* first = out.data + row * out.stride;
    _mm_prefetch(first, _MM_HINT_T0);
    _mm_prefetch(first + 16, _MM_HINT_T0);
  }
}

/// Adds to the sums the products of two strips; `out` is where they go in the end.
template <bool HasRest>
void add_products(const bf16* left,
                  const bf16* right,
                  std::size_t chunks,
                  const matrix& out) {
  constexpr auto chunk_size = (HasRest ? 4 : 2) * tile_size;
  constexpr auto rest = 2 * tile_size;
  const auto rows_a_chunk = (strip_lines + chunks - 1) / chunks;
  for (std::size_t i = 0; i < chunks; ++i) {
    fetch_rows(out, i * rows_a_chunk, (i + 1) * rows_a_chunk);
    load_left(left);
    if (HasRest) {
      load_right(right + rest);
      add_product();
    }
    load_right(right);
    add_product();
    if (HasRest) {
      load_left(left + rest);
      add_product();
    }
    left += chunk_size;
    right += chunk_size;
  }
}

/// Copies a matrix of at most 32 times 32, or adds it to another.
template <bool Adds>
void copy(const_matrix from, matrix to) {
  const auto first = first_lanes(from.columns);
  const auto second = first_lanes(from.columns < 16 ? 0 : from.columns - 16);
  const auto copy_lanes = [](__mmask16 lanes, const float* source, float* target) {
    auto values = _mm512_maskz_loadu_ps(lanes, source);
    if (Adds)
      values = _mm512_add_ps(_mm512_maskz_loadu_ps(lanes, target), values);
    _mm512_mask_storeu_ps(target, lanes, values);
  };
  for (std::size_t i = 0; i < from.rows; ++i) {
    const auto* source = from.data + i * from.stride;
    auto* target = to.data + i * to.stride;
    copy_lanes(first, source, target);
    if (second != 0)
      copy_lanes(second, source + 16, target + 16);
  }
}

/// sums = or += left right; `sums` is [32, 32], and what is copied to `out` afterwards.
template <bool HasRest>
void multiply_into(const bf16* left,
                   const bf16* right,
                   std::size_t chunks,
                   matrix sums,
                   matrix out,
                   strip_mode mode) {
  const auto row_bytes = sums.stride * sizeof(float);
  auto* const lower = sums.data + tile_lines * sums.stride;
  // What was packed has to be written by now: the compiler knows of no tile that it
  // reads memory.
  asm volatile("" ::: "memory");
  if (mode == strip_mode::go_on) {
    _tile_loadd(0, sums.data, row_bytes);
    _tile_loadd(1, sums.data + 16, row_bytes);
    _tile_loadd(2, lower, row_bytes);
    _tile_loadd(3, lower + 16, row_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  add_products<HasRest>(left, right, chunks, out);
  _tile_stored(0, sums.data, row_bytes);
  _tile_stored(1, sums.data + 16, row_bytes);
  _tile_stored(2, lower, row_bytes);
  _tile_stored(3, lower + 16, row_bytes);
}

template <bool HasRest>
void multiply(
  const bf16* left, const bf16* right, std::size_t chunks, matrix c, strip_mode mode) {
  const auto goes_on = mode == strip_mode::go_on;
  if (goes_on && c.rows == strip_lines && c.columns == strip_lines)
    return multiply_into<HasRest>(left, right, chunks, c, {}, mode);
  // Through memory that is in cache: a tile that goes to memory which is not waits for
  // one line after the other.
  alignas(64) float room[strip_lines * strip_lines];
  const matrix sums{room, strip_lines, strip_lines, strip_lines};
  const matrix used{room, c.rows, c.columns, strip_lines};
  if (goes_on) {
    for (std::size_t i = 0; i < strip_lines * strip_lines; i += 16)
      _mm512_store_ps(room + i, _mm512_setzero_ps());
    copy<false>(c, used);
  }
  multiply_into<HasRest>(left, right, chunks, sums, c, mode);
  if (mode == strip_mode::add)
    copy<true>(used, c);
  else
    copy<false>(used, c);
}

void add(const_matrix other, matrix sum) {
  copy<true>(other, sum);
}

struct alignas(64) tile_settings {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};

void take_tiles() {
  tile_settings settings;
  for (int i = 0; i < 8; ++i) {
    settings.row_bytes[i] = tile_row_bytes;
    settings.rows[i] = tile_lines;
  }
  asm volatile("" ::: "memory");
  _tile_loadconfig(&settings);
}

void give_tiles_back() {
  _tile_release();
}

} // namespace

#pragma GCC diagnostic pop
#pragma GCC pop_options

namespace {

using tile_packer =
  void (*)(const float*, std::size_t, std::size_t, std::size_t, bool, bf16*, bf16*);

/// Calls for every tile of a strip; a line and a step of the inner extent are so far
/// apart.
void pack_tiles(tile_packer pack,
                bf16_terms terms,
                const_matrix values,
                std::size_t lines,
                std::size_t inner,
                std::size_t line_distance,
                std::size_t inner_distance,
                bool transposed,
                bf16* strip) {
  core::expects(lines <= strip_lines, "a strip has room for its lines");
  for (std::size_t chunk = 0; chunk < chunks_of(inner); ++chunk)
    for (std::size_t half = 0; half < 2; ++half)
      pack(values.data + half * tile_lines * line_distance
             + chunk * tile_inner * inner_distance,
           values.stride, left_of(lines, half * tile_lines, tile_lines),
           left_of(inner, chunk * tile_inner, tile_inner), transposed,
           strip + tile_at(terms, chunk, 0, half),
           terms == bf16_terms::two ? strip + tile_at(terms, chunk, 1, half) : nullptr);
}

} // namespace

amx_tiles::amx_tiles() {
  take_tiles();
}

amx_tiles::~amx_tiles() {
  give_tiles_back();
}

void pack_rows(strip_side side, bf16_terms terms, const_matrix rows, bf16* strip) {
  pack_tiles(terms == bf16_terms::two ? pack_tile_of_rows<true>
                                      : pack_tile_of_rows<false>,
             terms, rows, rows.rows, rows.columns, rows.stride, 1,
             side == strip_side::right, strip);
}

void pack_columns(strip_side side,
                  bf16_terms terms,
                  const_matrix columns,
                  bf16* strip) {
  pack_tiles(terms == bf16_terms::two ? pack_tile_of_columns<true>
                                      : pack_tile_of_columns<false>,
             terms, columns, columns.columns, columns.rows, 1, columns.stride,
             side == strip_side::left, strip);
}

void multiply_strips(const strip_shape& shape,
                     const bf16* left,
                     const bf16* right,
                     matrix c,
                     strip_mode mode) {
  core::expects(c.rows <= strip_lines && c.columns <= strip_lines,
                "a product of strips has at most their lines");
  core::expects(shape.inner > 0, "a product has an inner extent");
  const auto multiply_terms =
    shape.terms == bf16_terms::two ? multiply<true> : multiply<false>;
  multiply_terms(left, right, chunks_of(shape.inner), c, mode);
}

void add_strip_products(const_matrix other, matrix sum) {
  core::expects(other.rows <= strip_lines && other.columns <= strip_lines
                  && other.rows == sum.rows && other.columns == sum.columns,
                "products of strips have one shape and at most their lines");
  add(other, sum);
}

} // namespace souk::models::kernels
