#include "models/kernels/amx_strips.hpp"

#include "core/error.hpp"
#include "models/kernels/amx_tile_layout.hpp"

#include <immintrin.h>

#include <cstdint>

namespace souk::models::kernels {

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

constexpr std::size_t tile_row_bytes = 64;

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
  const auto second = first_lanes(left_from(16, from.columns));
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

amx_tiles::amx_tiles() {
  take_tiles();
}

amx_tiles::~amx_tiles() {
  give_tiles_back();
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
  copy<true>(other, sum);
}

} // namespace souk::models::kernels
