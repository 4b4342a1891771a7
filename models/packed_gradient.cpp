#include "models/packed_gradient.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace souk::models {

namespace {

constexpr std::size_t header_words = 4;
constexpr std::size_t gap_bytes_most = 5; // of a 32-bit number

std::uint32_t word_of(std::uint64_t number) {
  core::expects(number <= 0xFFFFFFFF, "a range is shorter than 2^32 elements");
  return static_cast<std::uint32_t>(number);
}

core::gradient_slice clipped(const core::gradient_slice& runs,
                             const core::arena_range& range) {
  core::gradient_slice inside;
  for (const auto& run : runs) {
    const auto begin = std::max(run.offset, range.begin);
    const auto end = std::min(run.offset + run.length, range.end);
    if (begin < end)
      inside.push_back({begin, end - begin, run.values + (begin - run.offset)});
  }
  return inside;
}

/// Writes ascending offsets as gaps; returns the bytes, filled up to a word, and how
/// many of them count.
std::vector<std::uint8_t> gaps_of(core::span<const std::uint64_t> offsets,
                                  std::uint64_t begin,
                                  std::size_t& size) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 * offsets.size());
  for (const auto offset : offsets) {
    auto gap = word_of(offset - begin);
    for (; gap > 0x7F; gap >>= 7U)
      bytes.push_back(static_cast<std::uint8_t>(gap | 0x80U));
    bytes.push_back(static_cast<std::uint8_t>(gap));
    begin = offset + 1;
  }
  size = bytes.size();
  bytes.resize((size + 3) / 4 * 4);
  return bytes;
}

std::size_t words_of(std::size_t numbers, number_width width) {
  return width == number_width::bits16 ? (numbers + 1) / 2 : numbers;
}

/// Without zeroing again what is overwritten anyway.
void resize(packed_words& words, std::size_t size) {
  if (size > words.capacity()) {
    words.clear();
    words.reserve(size + size / 8); // touched rows differ from step to step
  }
  words.resize(size);
}

[[noreturn]] void refuse(const std::string& reason) {
  throw core::error{"a block's gradient does not decode: " + reason, "training",
                    "check the network between the processes"};
}

/// Reads words from the front, as long as there are any.
class word_reader {
public:
  explicit word_reader(core::span<const std::uint32_t> words) : words_{words} {
    // nop
  }

  core::span<const std::uint32_t> take(std::uint64_t count) {
    if (count > words_.size() - position_)
      refuse("too short");
    const auto taken = words_.subspan(position_, count);
    position_ += count;
    return taken;
  }

  bool at_end() const {
    return position_ == words_.size();
  }

private:
  core::span<const std::uint32_t> words_;
  std::size_t position_ = 0;
};

/// Reads gaps and appends the elements before `limit` as runs, neighbours as one.
class element_reader {
public:
  element_reader(core::span<const std::uint8_t> gaps,
                 core::span<const std::uint32_t> values,
                 const core::arena_range& range)
    : gaps_{gaps}, values_{reinterpret_cast<const float*>(values.data()),
                           values.size()},
      range_{range}, next_{range.begin} {
    advance();
  }

  void append_before(std::uint64_t limit, core::gradient_slice& runs) {
    for (; has_before(limit); advance()) {
      const auto* value = values_.data() + read_ - 1;
      if (!runs.empty() && runs.back().offset + runs.back().length == next_
          && runs.back().values + runs.back().length == value)
        ++runs.back().length;
      else
        runs.push_back({next_, 1, value});
      ++next_;
    }
  }

  bool has_before(std::uint64_t limit) const {
    return has_next_ && next_ < limit;
  }

  bool at_end() const {
    return !has_next_ && position_ == gaps_.size();
  }

private:
  void advance() {
    has_next_ = read_ < values_.size();
    if (!has_next_)
      return;
    ++read_;
    std::uint64_t gap = 0;
    for (std::size_t i = 0;; ++i) {
      if (i == gap_bytes_most || position_ == gaps_.size())
        refuse("gaps end early");
      const auto byte = gaps_[position_++];
      gap |= std::uint64_t{byte & 0x7FU} << 7 * i;
      if ((byte & 0x80U) == 0)
        break;
    }
    next_ += gap;
    if (next_ >= range_.end)
      refuse("an element outside the range");
  }

  core::span<const std::uint8_t> gaps_;
  core::span<const float> values_;
  core::arena_range range_;
  std::size_t position_ = 0;
  std::size_t read_ = 0; ///< elements whose gap was read
  std::uint64_t next_;   ///< offset of the last of them; then of what may follow
  bool has_next_ = false;
};

} // namespace

void pack(const compressed_gradient& gradient,
          const core::arena_range& range,
          packed_words& words) {
  const auto runs = clipped(gradient.whole, range);
  const auto& all = gradient.offsets;
  const auto first = static_cast<std::size_t>(
    std::lower_bound(all.begin(), all.end(), range.begin) - all.begin());
  const auto last = static_cast<std::size_t>(
    std::lower_bound(all.begin(), all.end(), range.end) - all.begin());
  std::size_t gap_bytes = 0;
  const auto gaps = gaps_of({all.data() + first, last - first}, range.begin, gap_bytes);
  std::size_t numbers = 0;
  for (const auto& run : runs)
    numbers += run.length;

  const auto values_at = header_words + 2 * runs.size();
  const auto elements_at = values_at + words_of(numbers, gradient.width);
  resize(words, elements_at + (last - first) + gaps.size() / 4);
  words[0] = static_cast<std::uint32_t>(gradient.width);
  words[1] = word_of(runs.size());
  words[2] = word_of(last - first);
  words[3] = word_of(gap_bytes);
  if (numbers > 0)
    words[elements_at - 1] = 0; // the last word may be half a number, half nothing
  auto* header = words.data() + header_words;
  auto* halves = reinterpret_cast<kernels::bf16*>(words.data() + values_at);
  auto* floats = reinterpret_cast<float*>(words.data() + values_at);
  for (const auto& run : runs) {
    *header++ = word_of(run.offset - range.begin);
    *header++ = word_of(run.length);
    if (gradient.width == number_width::bits16)
      kernels::round_to_bf16({run.values, run.length}, halves);
    else
      std::copy_n(run.values, run.length, floats);
    halves += run.length;
    floats += run.length;
  }
  if (first < last)
    std::memcpy(words.data() + elements_at, gradient.values.data() + first,
                (last - first) * sizeof(float));
  if (!gaps.empty())
    std::memcpy(words.data() + elements_at + (last - first), gaps.data(), gaps.size());
}

unpacked_gradient unpack(core::span<const std::uint32_t> words,
                         const core::arena_range& range) {
  word_reader reader{words};
  const auto header = reader.take(header_words);
  if (header[0] != 16 && header[0] != 32)
    refuse("numbers of " + std::to_string(header[0]) + " bits");
  const auto width = static_cast<number_width>(header[0]);
  const auto runs = reader.take(2 * std::uint64_t{header[1]});
  std::uint64_t numbers = 0;
  for (std::size_t i = 1; i < runs.size(); i += 2)
    numbers += runs[i];
  const auto whole = reader.take(words_of(numbers, width));
  const auto values = reader.take(header[2]);
  const auto gaps = reader.take((std::uint64_t{header[3]} + 3) / 4);
  if (!reader.at_end())
    refuse("words are left over");

  unpacked_gradient unpacked;
  const auto* floats = reinterpret_cast<const float*>(whole.data());
  const auto* halves = reinterpret_cast<const kernels::bf16*>(whole.data());
  element_reader elements{
    {reinterpret_cast<const std::uint8_t*>(gaps.data()), header[3]}, values, range};
  unpacked.runs.reserve(header[2] + (width == number_width::bits32 ? header[1] : 0));
  unpacked.rounded.reserve(width == number_width::bits16 ? header[1] : 0);
  auto position = range.begin;
  for (std::size_t i = 0; i < runs.size(); i += 2) {
    const auto offset = range.begin + runs[i];
    const std::uint64_t length = runs[i + 1];
    if (offset < position || length > range.end - std::min(offset, range.end))
      refuse("runs overlap or end outside");
    elements.append_before(offset, unpacked.runs);
    position = offset + length;
    if (elements.has_before(position))
      refuse("an element inside a run");
    if (width == number_width::bits16)
      unpacked.rounded.push_back({offset, length, halves});
    else
      unpacked.runs.push_back({offset, length, floats});
    floats += length;
    halves += length;
  }
  elements.append_before(range.end, unpacked.runs);
  if (!elements.at_end())
    refuse("gaps are left over");
  return unpacked;
}

} // namespace souk::models
