#include "actors/bulk/payload.hpp"

#include "core/error.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace souk::actors::bulk {

namespace {

std::vector<std::uint64_t> header_of(const core::gradient_slice& runs) {
  std::vector<std::uint64_t> header{runs.size()};
  for (const auto& run : runs) {
    header.push_back(run.offset);
    header.push_back(run.length);
  }
  return header;
}

/// Calls `visit(bytes, size)` for the consecutive pieces of the encoding.
template <class Visit>
void for_each_piece(const core::gradient_slice& runs, Visit visit) {
  const auto header = header_of(runs);
  visit(reinterpret_cast<const std::uint8_t*>(header.data()),
        header.size() * sizeof(std::uint64_t));
  for (const auto& run : runs)
    visit(reinterpret_cast<const std::uint8_t*>(run.values),
          run.length * sizeof(float));
}

[[noreturn]] void refuse(const char* reason) {
  throw core::error{std::string{"the bytes of a tensor do not decode: "} + reason,
                    "bulk exchange", "check the network between the processes"};
}

} // namespace

bool lies_within(const core::gradient_slice& runs, const core::arena_range& range) {
  return std::all_of(runs.begin(), runs.end(), [&](const core::gradient_run& run) {
    return run.offset >= range.begin && run.offset <= range.end
           && run.length <= range.end - run.offset;
  });
}

std::uint64_t encoded_length(const core::gradient_slice& runs) {
  auto bytes = (1 + 2 * runs.size()) * sizeof(std::uint64_t);
  for (const auto& run : runs)
    bytes += run.length * sizeof(float);
  return bytes;
}

void encode_part(const core::gradient_slice& runs,
                 std::uint64_t offset,
                 core::span<std::uint8_t> out) {
  std::uint64_t position = 0;
  const auto end = offset + out.size();
  for_each_piece(runs, [&](const std::uint8_t* bytes, std::uint64_t size) {
    const auto from = std::max(position, offset);
    const auto to = std::min(position + size, end);
    if (from < to)
      std::memcpy(out.data() + (from - offset), bytes + (from - position), to - from);
    position += size;
  });
}

std::uint64_t checksum_of(const core::gradient_slice& runs) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state{
    XXH3_createState(), &XXH3_freeState};
  XXH3_64bits_reset(state.get());
  for_each_piece(runs, [&](const std::uint8_t* bytes, std::uint64_t size) {
    XXH3_64bits_update(state.get(), bytes, size);
  });
  return XXH3_64bits_digest(state.get());
}

payload decode(std::shared_ptr<const core::aligned_vector<std::uint8_t>> bytes) {
  constexpr auto word = sizeof(std::uint64_t);
  const auto size = bytes->size();
  const auto word_at = [&](std::uint64_t index) {
    std::uint64_t value;
    std::memcpy(&value, bytes->data() + index * word, word);
    return value;
  };
  if (size < word)
    refuse("too short");
  const auto count = word_at(0);
  if (count > (size / word - 1) / 2)
    refuse("more runs than bytes");
  payload decoded;
  auto position = (1 + 2 * count) * word;
  std::uint64_t arena_position = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const core::gradient_run run{
      word_at(1 + 2 * i), word_at(2 + 2 * i),
      reinterpret_cast<const float*>(bytes->data() + position)};
    if (run.offset < arena_position || run.length > (size - position) / sizeof(float))
      refuse("runs overlap or end outside");
    position += run.length * sizeof(float);
    arena_position = run.offset + run.length;
    decoded.runs.push_back(run);
  }
  if (position != size)
    refuse("bytes are left over");
  decoded.owner = std::move(bytes);
  return decoded;
}

} // namespace souk::actors::bulk
