#include "actors/bulk/large_copy.hpp"

#include <algorithm>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace souk::actors::bulk {

#ifdef __SSE2__

namespace {

using block = __m128i;

constexpr std::size_t line_bytes = 64;

void copy_line(const std::uint8_t* from, std::uint8_t* to) {
  const auto* source = reinterpret_cast<const block*>(from);
  auto* room = reinterpret_cast<block*>(to);
  const auto a = _mm_loadu_si128(source);
  const auto b = _mm_loadu_si128(source + 1);
  const auto c = _mm_loadu_si128(source + 2);
  const auto d = _mm_loadu_si128(source + 3);
  _mm_stream_si128(room, a);
  _mm_stream_si128(room + 1, b);
  _mm_stream_si128(room + 2, c);
  _mm_stream_si128(room + 3, d);
}

} // namespace

void large_copy(core::span<const std::uint8_t> from, std::uint8_t* to) {
  const auto past_line = reinterpret_cast<std::uintptr_t>(to) % line_bytes;
  auto done = std::min(from.size(), (line_bytes - past_line) % line_bytes);
  std::copy_n(from.data(), done, to);
  for (; done + line_bytes <= from.size(); done += line_bytes)
    copy_line(from.data() + done, to + done);
  std::copy_n(from.data() + done, from.size() - done, to + done);
  _mm_sfence(); // whoever is told of the copy sees it
}

#else

void large_copy(core::span<const std::uint8_t> from, std::uint8_t* to) {
  std::copy(from.begin(), from.end(), to);
}

#endif

} // namespace souk::actors::bulk
