#include "core/random.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numeric>

namespace souk::core {

namespace {

constexpr double two_to_minus_32 = 1.0 / 4294967296.0;
constexpr double two_to_minus_53 = 1.0 / 9007199254740992.0;

std::uint64_t wide_word(const draw_site& site, std::uint32_t index) {
  const auto words = random_words(site, index / 2);
  const auto first = 2 * (index % 2);
  return static_cast<std::uint64_t>(words[first]) << 32 | words[first + 1];
}

struct normal_pair {
  double first, second;
};

normal_pair box_muller(std::uint32_t radius_word, std::uint32_t angle_word) {
  const auto u = (radius_word + 1.0) * two_to_minus_32;
  const auto radius = std::sqrt(-2 * portable::log(u));
  const auto direction = portable::of_turns(angle_word * two_to_minus_32);
  return {radius * direction.cosine, radius * direction.sine};
}

std::array<double, 4> four_normals(const draw_site& site, std::uint32_t counter) {
  const auto words = random_words(site, counter);
  const auto front = box_muller(words[0], words[1]);
  const auto back = box_muller(words[2], words[3]);
  return {front.first, front.second, back.first, back.second};
}

} // namespace

std::array<std::uint32_t, 4> random_words(const draw_site& site, std::uint32_t index) {
  expects(site.entity < (std::uint64_t{1} << 48), "a draw's entity has 48 bits");
  const r123::Philox4x32::ctr_type counter = {
    {index, site.step, static_cast<std::uint32_t>(site.entity),
     static_cast<std::uint32_t>(site.entity >> 32)
       | static_cast<std::uint32_t>(site.purpose) << 16}};
  const r123::Philox4x32::key_type key = {
    {static_cast<std::uint32_t>(site.seed),
     static_cast<std::uint32_t>(site.seed >> 32)}};
  const auto words = r123::Philox4x32{}(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

double uniform(const draw_site& site, std::uint32_t index) {
  return static_cast<double>(wide_word(site, index) >> 11) * two_to_minus_53;
}

double normal(const draw_site& site, std::uint32_t index) {
  return four_normals(site, index / 4)[index % 4];
}

std::uint64_t below(const draw_site& site, std::uint32_t index, std::uint64_t bound) {
  __extension__ using uint128 = unsigned __int128;
  return static_cast<std::uint64_t>(
    (static_cast<uint128>(wide_word(site, index)) * bound) >> 64);
}

void fill_normals(const draw_site& site, span<float> out) {
  for (std::size_t i = 0; i < out.size(); i += 4) {
    const auto normals = four_normals(site, static_cast<std::uint32_t>(i / 4));
    for (std::size_t lane = 0; lane < 4 && i + lane < out.size(); ++lane)
      out[i + lane] = static_cast<float>(normals[lane]);
  }
}

void fill_uniforms(const draw_site& site, span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    // The upper 24 bits only: rounding the double could yield 1.
    const auto bits = wide_word(site, static_cast<std::uint32_t>(i)) >> 40;
    out[i] = static_cast<float>(bits) * (1.0F / 16777216.0F);
  }
}

std::vector<std::uint32_t> permutation(const draw_site& site, std::uint32_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (auto i = count; i > 1; --i)
    std::swap(order[i - 1], order[below(site, count - i, i)]);
  return order;
}

std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t part) {
  const auto words = random_words({seed, stream::derive, part}, 0);
  return static_cast<std::uint64_t>(words[0]) << 32 | words[1];
}

} // namespace souk::core
