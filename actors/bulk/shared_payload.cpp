#include "actors/bulk/shared_payload.hpp"

#include "actors/bulk/payload.hpp"

#include <algorithm>
#include <cstring>

namespace souk::actors::bulk {

namespace {

constexpr std::size_t words_per_run = 4;
constexpr std::size_t word_bytes = sizeof(std::uint64_t);

/// Where a run lies, as the segment says it.
struct place_words {
  std::uint64_t offset;
  std::uint64_t length;
  std::uint64_t piece;
  std::uint64_t position;
};

static_assert(sizeof(place_words) == words_per_run * word_bytes);

/// Whether all of a run lies in a piece: one that goes on into the next is copied.
bool contains(const core::shared_segment& piece, const core::gradient_run& run) {
  const auto begin = reinterpret_cast<std::uintptr_t>(run.values);
  const auto first = reinterpret_cast<std::uintptr_t>(piece.data());
  return begin >= first && begin - first <= piece.size()
         && run.length * sizeof(float) <= piece.size() - (begin - first);
}

/// Views a run where it is said to lie; a null view if that is not inside the piece.
const float* view(const core::shared_segment& piece, const place_words& place) {
  const auto is_inside =
    place.position % alignof(float) == 0 && place.position <= piece.size()
    && place.length <= (piece.size() - place.position) / sizeof(float);
  return is_inside ? reinterpret_cast<const float*>(piece.data() + place.position)
                   : nullptr;
}

} // namespace

shared_layout::shared_layout(const core::gradient_slice& runs)
  : words_{runs.size()}, position_{(1 + words_per_run * runs.size()) * word_bytes} {
  words_.reserve(1 + words_per_run * runs.size());
  for (const auto& run : runs)
    place(run);
}

void shared_layout::place(const core::gradient_run& run) {
  const auto put = [&](std::uint64_t piece, std::uint64_t position) {
    words_.insert(words_.end(), {run.offset, run.length, piece, position});
  };
  const auto lies_in = [&](const auto& piece) {
    return run.length > 0 && piece && contains(piece->segment, run);
  };
  if (pieces_.empty() || !lies_in(pieces_.back()))
    if (auto other = core::shareable_piece_at(run.values); lies_in(other))
      pieces_.push_back(std::move(other));
  if (!pieces_.empty() && lies_in(pieces_.back())) {
    const auto& piece = *pieces_.back();
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(run.values);
    return put(piece.number, static_cast<std::uint64_t>(begin - piece.segment.data()));
  }
  put(0, position_);
  copied_.emplace_back(run.values, run.length);
  position_ += run.length * sizeof(float);
}

void shared_layout::write(std::uint8_t* room) const {
  room = std::copy_n(reinterpret_cast<const std::uint8_t*>(words_.data()),
                     words_.size() * word_bytes, room);
  for (const auto& values : copied_)
    room = std::copy_n(reinterpret_cast<const std::uint8_t*>(values.data()),
                       values.size() * sizeof(float), room);
}

core::gradient_slice read_shared(const core::shared_segment& segment,
                                 std::uint64_t length,
                                 const piece_by_number& piece_at) {
  const auto size = segment.size();
  std::uint64_t count = 0;
  if (size < word_bytes)
    refuse_payload("too short");
  std::memcpy(&count, segment.data(), word_bytes);
  if (count > (size / word_bytes - 1) / words_per_run)
    refuse_payload("more runs than bytes");
  core::gradient_slice runs;
  runs.reserve(count);
  const core::shared_segment* piece = &segment;
  std::uint64_t piece_number = 0;
  std::uint64_t arena_position = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    place_words place;
    // Copied before it is looked at: its owner could still change it.
    std::memcpy(&place, segment.data() + word_bytes + i * sizeof place, sizeof place);
    if (place.piece != piece_number) {
      piece = place.piece == 0 ? &segment : piece_at(place.piece);
      piece_number = place.piece;
    }
    const auto* const values = piece == nullptr ? nullptr : view(*piece, place);
    if (values == nullptr)
      refuse_payload("runs lie outside");
    if (place.offset < arena_position || place.length > ~place.offset)
      refuse_payload("runs overlap");
    arena_position = place.offset + place.length;
    runs.push_back({place.offset, place.length, values});
  }
  if (encoded_length(runs) != length)
    refuse_payload("another length");
  return runs;
}

} // namespace souk::actors::bulk
