#include "actors/bulk/payload.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace souk::actors::bulk {

namespace {

std::vector<std::uint64_t> header_of(const core::gradient_slice& runs) {
  std::vector<std::uint64_t> header{runs.size()};
  header.reserve(1 + 2 * runs.size());
  for (const auto& run : runs) {
    header.push_back(run.offset);
    header.push_back(run.length);
  }
  return header;
}

} // namespace

bool lies_within(const core::gradient_slice& runs, const core::arena_range& range) {
  return std::all_of(runs.begin(), runs.end(), [&](const core::gradient_run& run) {
    return run.offset >= range.begin && run.offset <= range.end
           && run.length <= range.end - run.offset;
  });
}

bool fills(const core::gradient_slice& runs, const core::arena_part& part) {
  return std::equal(runs.begin(), runs.end(), part.begin(), part.end(),
                    [](const core::gradient_run& run, const core::arena_range& range) {
                      return run.offset == range.begin && run.length == range.size();
                    });
}

bool copy_into(const payload& from, const core::arena_part& part, float* arena) {
  if (from.runs.empty()) {
    for (const auto& range : part)
      std::fill_n(arena + range.begin, range.size(), 0.0F);
    return true;
  }
  if (!fills(from.runs, part))
    return false;
  for (const auto& run : from.runs)
    std::copy_n(run.values, run.length, arena + run.offset);
  return true;
}

core::gradient_slice runs_of(const core::arena_part& part, const float* values) {
  core::gradient_slice runs;
  for (const auto& range : part)
    runs.push_back({range.begin, range.size(), values + range.begin});
  return runs;
}

std::uint64_t encoded_length(const core::gradient_slice& runs) {
  auto bytes = (1 + 2 * runs.size()) * sizeof(std::uint64_t);
  for (const auto& run : runs)
    bytes += run.length * sizeof(float);
  return bytes;
}

encoding::encoding(const core::gradient_slice& runs)
  : header_{header_of(runs)}, left_{encoded_length(runs)} {
  pieces_.reserve(1 + runs.size());
  pieces_.emplace_back(reinterpret_cast<const std::uint8_t*>(header_.data()),
                       header_.size() * sizeof(std::uint64_t));
  for (const auto& run : runs)
    if (run.length > 0)
      pieces_.emplace_back(reinterpret_cast<const std::uint8_t*>(run.values),
                           run.length * sizeof(float));
}

void encoding::next(std::vector<piece>& out,
                    std::size_t pieces_max,
                    std::uint64_t bytes_max) const {
  out.clear();
  auto offset = offset_;
  for (auto i = piece_; i < pieces_.size() && out.size() < pieces_max && bytes_max > 0;
       ++i) {
    const auto bytes = std::min<std::uint64_t>(pieces_[i].size() - offset, bytes_max);
    out.push_back(pieces_[i].subspan(offset, bytes));
    bytes_max -= bytes;
    offset = 0;
  }
}

void encoding::skip(std::uint64_t bytes) {
  left_ -= bytes;
  offset_ += bytes;
  while (piece_ < pieces_.size() && offset_ >= pieces_[piece_].size())
    offset_ -= pieces_[piece_++].size();
}

payload decode(core::span<const std::uint8_t> bytes,
               std::shared_ptr<const void> owner) {
  constexpr auto word = sizeof(std::uint64_t);
  const auto size = bytes.size();
  const auto word_at = [&](std::uint64_t index) {
    std::uint64_t value;
    std::memcpy(&value, bytes.data() + index * word, word);
    return value;
  };
  if (size < word)
    refuse_payload("too short");
  const auto count = word_at(0);
  if (count > (size / word - 1) / 2)
    refuse_payload("more runs than bytes");
  payload decoded;
  auto position = (1 + 2 * count) * word;
  std::uint64_t arena_position = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const core::gradient_run run{
      word_at(1 + 2 * i), word_at(2 + 2 * i),
      reinterpret_cast<const float*>(bytes.data() + position)};
    if (run.offset < arena_position || run.length > ~run.offset
        || run.length > (size - position) / sizeof(float))
      refuse_payload("runs overlap or end outside");
    position += run.length * sizeof(float);
    arena_position = run.offset + run.length;
    decoded.runs.push_back(run);
  }
  if (position != size)
    refuse_payload("bytes are left over");
  decoded.owner = std::move(owner);
  return decoded;
}

void refuse_payload(const char* reason) {
  throw core::error{std::string{"the bytes of a tensor do not decode: "} + reason,
                    "bulk exchange", "check the network between the processes"};
}

} // namespace souk::actors::bulk
