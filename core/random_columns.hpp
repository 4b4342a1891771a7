#pragma once

#include "core/random.hpp"
#include "core/vector_clones.hpp"

#include <cstdint>
#include <cstring>

/// The draws of `core/random.hpp` for many entities at once: plain loops over columns,
/// which the compiler turns into vectors. Every number has the bits that the functions
/// there return.
namespace souk::core {

/// The four words of one counter, column by column: each points to [count].
struct word_columns {
  std::uint32_t* words[4] = {};
};

/// Writes counter `index` of the site of every entity: what `random_words` returns.
/// `site.entity` is not read.
void fill_words(const draw_site& site,
                std::uint32_t index,
                const std::uint32_t* entities,
                std::size_t count,
                const word_columns& out);

/// Writes numbers 4 * counter, ... + 3 of the normals of every site, from the words of
/// that counter: what `normal` returns. Each of `out` is [count].
void fill_normals(const word_columns& words,
                  std::size_t count,
                  double* const (&out)[4]);

/// Returns integer number 0 below a bound, from words 0 and 1 of counter 0: what
/// `below` returns.
SOUK_INLINED std::uint32_t
below(std::uint32_t first_word, std::uint32_t second_word, std::uint32_t bound) {
  const auto high = std::uint64_t{first_word} * bound;
  const auto low = std::uint64_t{second_word} * bound;
  return static_cast<std::uint32_t>((high + (low >> 32)) >> 32);
}

/// Returns a uniform number of [0, 1) with 53 bits, from two words: what `uniform`
/// returns.
SOUK_INLINED double uniform_of(std::uint32_t first_word, std::uint32_t second_word) {
  // Two halves that convert as signed integers, which every instruction set can: 26
  // bits and 27, whose sum is exact.
  const auto upper = static_cast<std::int32_t>(first_word >> 6);
  const auto lower =
    static_cast<std::int32_t>((first_word & 63) << 21 | second_word >> 11);
  return (static_cast<double>(upper) * 134217728.0 + static_cast<double>(lower))
         * (1.0 / 9007199254740992.0);
}

} // namespace souk::core
