#include "models/packed_gradient.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <map>
#include <vector>

using namespace souk;
using namespace souk::models;

namespace {

using elements = std::map<std::uint64_t, float>;

const std::vector<float> numbers{1, -2, 3, 0.5F, 5, 6, 7, 8};

/// Runs at 100 and 110, elements before, between and beyond them.
compressed_gradient example() {
  compressed_gradient gradient;
  gradient.whole = {{100, 3, numbers.data()}, {110, 5, numbers.data() + 3}};
  gradient.offsets = {0, 1, 99, 104, 105, 20'000, 4'000'000};
  gradient.values = {10, 11, 12, 13, 14, 15, 16};
  return gradient;
}

elements elements_of(const bf16_slice& halves) {
  elements found;
  for (const auto& run : halves) {
    std::vector<float> widened(run.length);
    kernels::widen(run.values, widened);
    for (std::uint64_t i = 0; i < run.length; ++i)
      found[run.offset + i] = widened[i];
  }
  return found;
}

/// All elements that runs cover, by offset; and that runs ascend.
elements elements_of(const core::gradient_slice& runs) {
  elements found;
  std::uint64_t end = 0;
  for (const auto& run : runs) {
    CHECK(run.offset >= end);
    end = run.offset + run.length;
    for (std::uint64_t i = 0; i < run.length; ++i)
      found[run.offset + i] = run.values[i];
  }
  return found;
}

packed_words packed(const compressed_gradient& gradient,
                    const core::arena_range& range) {
  packed_words words;
  pack(gradient, range, words);
  return words;
}

} // namespace

TEST_CASE("a packed gradient comes back as ascending runs",
          "[models][packed_gradient]") {
  const core::arena_range all{0, 5'000'000};
  const auto words = packed(example(), all);
  const auto unpacked = unpack(words, all);
  CHECK(unpacked.runs.size() == 7); // neighbours are one run
  CHECK(elements_of(unpacked.runs)
        == elements{{0, 10},
                    {1, 11},
                    {99, 12},
                    {100, 1},
                    {101, -2},
                    {102, 3},
                    {104, 13},
                    {105, 14},
                    {110, 0.5F},
                    {111, 5},
                    {112, 6},
                    {113, 7},
                    {114, 8},
                    {20'000, 15},
                    {4'000'000, 16}});
}

TEST_CASE("a range gets its part of a packed gradient", "[models][packed_gradient]") {
  const core::arena_range part{102, 112};
  const auto words = packed(example(), part);
  CHECK(elements_of(unpack(words, part).runs)
        == elements{{102, 3}, {104, 13}, {105, 14}, {110, 0.5F}, {111, 5}});
  const core::arena_range nothing{200, 300};
  CHECK(unpack(packed(example(), nothing), nothing).runs.empty());
}

TEST_CASE("numbers of 16 bits are read where they lie", "[models][packed_gradient]") {
  auto gradient = example();
  gradient.width = number_width::bits16;
  const core::arena_range part{100, 200};
  const auto words = packed(gradient, part);
  const auto unpacked = unpack(words, part);
  CHECK(elements_of(unpacked.runs) == elements{{104, 13}, {105, 14}});
  CHECK(elements_of(unpacked.rounded)
        == elements{{100, 1},
                    {101, -2},
                    {102, 3},
                    {110, 0.5F},
                    {111, 5},
                    {112, 6},
                    {113, 7},
                    {114, 8}});
  gradient.offsets.clear();
  gradient.values.clear();
  CHECK(packed(gradient, part).size() == 4 + 2 * 2 + 8 / 2);
}

TEST_CASE("what words held before is gone", "[models][packed_gradient]") {
  const core::arena_range all{0, 5'000'000};
  packed_words words(1'000, 0xFFFFFFFF);
  pack(example(), all, words);
  CHECK(words == packed(example(), all));

  auto rounded = example();
  rounded.width = number_width::bits16;
  const core::arena_range odd{100, 114}; // seven numbers: half a word is left
  words.assign(1'000, 0xFFFFFFFF);
  pack(rounded, odd, words);
  CHECK(words == packed(rounded, odd));
}

TEST_CASE("damaged words are refused", "[models][packed_gradient]") {
  const core::arena_range all{0, 5'000'000};
  const auto whole = packed(example(), all);
  const auto refused = [&](packed_words words, const core::arena_range& range) {
    CHECK_THROWS_AS(unpack(words, range), core::error);
  };
  refused({}, all);
  refused({whole.begin(), whole.end() - 1}, all);
  auto longer = whole;
  longer.push_back(0);
  refused(longer, all);
  refused(whole, {0, 1'000}); // elements beyond
  refused(whole, {0, 112});   // a run beyond
  for (std::size_t word = 0; word < 8; ++word)
    for (const auto value : {0xFFFFFFFFU, 0x80000000U}) {
      auto damaged = whole;
      damaged[word] = value;
      INFO("word " << word << " = " << value);
      refused(damaged, all);
    }
  // Gaps that never end.
  auto endless = whole;
  std::memset(endless.data() + endless.size() - 3, 0xFF, 12);
  refused(endless, all);
}
