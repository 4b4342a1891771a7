#include "data/session_rows.hpp"

#include "core/error.hpp"
#include "data/packing.hpp"

#include <future>
#include <limits>

namespace souk::data {

using core::session_record;
using hdf5::number_kind;
using hdf5::number_member;

namespace {

constexpr auto longest_slate = std::numeric_limits<std::uint16_t>::max();

/// Makes room for one more row at the end; returns where.
unsigned char* grow(std::vector<unsigned char>& rows, const hdf5::row_layout& layout) {
  const auto old = rows.size();
  rows.resize(old + layout.row_size());
  return rows.data() + old;
}

core::propensity_kind propensity_kind_of(std::uint8_t stored, const std::string& path) {
  if (stored > static_cast<std::uint8_t>(core::propensity_kind::estimated))
    throw core::error{"a propensity is of no kind that there is", path,
                      "simulate again"};
  return static_cast<core::propensity_kind>(stored);
}

session_record unpack_event(const unsigned char* row, const std::string& path) {
  unpacker bytes{row};
  session_record record;
  record.time = bytes.number<core::time_ms>();
  record.user = bytes.number<core::user_id>();
  record.session = bytes.number<std::uint32_t>();
  record.step = bytes.number<std::uint32_t>();
  record.item = bytes.number<core::item_id>();
  record.slate = bytes.number<std::uint32_t>();
  record.query = bytes.number<std::uint32_t>();
  record.price = bytes.number<float>();
  record.propensity = bytes.number<float>();
  record.position = bytes.number<std::uint16_t>();
  record.policy = bytes.number<std::uint16_t>();
  record.world = bytes.number<std::uint16_t>();
  const auto kind = bytes.number<std::uint8_t>();
  if (kind >= core::num_event_kinds)
    throw core::error{"an event is of no kind that there is", path, "simulate again"};
  record.kind = static_cast<core::event_kind>(kind);
  record.propensity_is = propensity_kind_of(bytes.number<std::uint8_t>(), path);
  return record;
}

} // namespace

const hdf5::row_layout& slates_layout() {
  static const hdf5::row_layout layout{{
    number_member("first", number_kind::u64),
    number_member("time", number_kind::i64),
    number_member("user", number_kind::u32),
    number_member("session", number_kind::u32),
    number_member("step", number_kind::u32),
    number_member("slate", number_kind::u32),
    number_member("query", number_kind::u32),
    number_member("length", number_kind::u16),
    number_member("policy", number_kind::u16),
    number_member("world", number_kind::u16),
    number_member("propensity_kind", number_kind::u8),
  }};
  return layout;
}

const hdf5::row_layout& impressions_layout() {
  static const hdf5::row_layout layout{{
    number_member("item", number_kind::u32),
    number_member("price", number_kind::f32),
    number_member("propensity", number_kind::f32),
  }};
  return layout;
}

const hdf5::row_layout& events_layout() {
  static const hdf5::row_layout layout{{
    number_member("time", number_kind::i64),
    number_member("user", number_kind::u32),
    number_member("session", number_kind::u32),
    number_member("step", number_kind::u32),
    number_member("item", number_kind::u32),
    number_member("slate", number_kind::u32),
    number_member("query", number_kind::u32),
    number_member("price", number_kind::f32),
    number_member("propensity", number_kind::f32),
    number_member("position", number_kind::u16),
    number_member("policy", number_kind::u16),
    number_member("world", number_kind::u16),
    number_member("kind", number_kind::u8),
    number_member("propensity_kind", number_kind::u8),
  }};
  return layout;
}

bool session_packer::continues_slate(const session_record& record) const {
  const auto& next = expected_;
  return in_slate_ && record.kind == core::event_kind::impression
         && record.position == next.position && record.step == next.step
         && record.user == next.user && record.time == next.time
         && record.slate == next.slate && record.session == next.session
         && record.query == next.query && record.policy == next.policy
         && record.world == next.world && record.propensity_is == next.propensity_is;
}

void session_packer::add(core::span<const session_record> records) {
  for (const auto& record : records) {
    if (continues_slate(record)) {
      add_impression(record);
    } else if (record.kind == core::event_kind::impression && record.position == 0) {
      add_slate(record);
      add_impression(record);
    } else {
      in_slate_ = false;
      add_event(record);
    }
    ++next_;
  }
}

void session_packer::add_slate(const session_record& record) {
  packer{grow(slates_, slates_layout())}
    .number(next_)
    .number(record.time)
    .number(record.user)
    .number(record.session)
    .number(record.step)
    .number(record.slate)
    .number(record.query)
    .number(std::uint16_t{0}) // grows with its impressions
    .number(record.policy)
    .number(record.world)
    .number(static_cast<std::uint8_t>(record.propensity_is));
  expected_ = record;
}

void session_packer::add_impression(const session_record& record) {
  static const auto length_from_end =
    slates_layout().row_size() - slates_layout().members()[7].offset;
  packer{grow(impressions_, impressions_layout())}
    .number(record.item)
    .number(record.price)
    .number(record.propensity);
  const auto length = static_cast<std::uint16_t>(record.position + 1);
  packer{slates_.data() + slates_.size() - length_from_end}.number(length);
  expected_.position = length;
  expected_.step = record.step + 1;
  in_slate_ = length < longest_slate;
}

void session_packer::add_event(const session_record& record) {
  packer{grow(events_, events_layout())}
    .number(record.time)
    .number(record.user)
    .number(record.session)
    .number(record.step)
    .number(record.item)
    .number(record.slate)
    .number(record.query)
    .number(record.price)
    .number(record.propensity)
    .number(record.position)
    .number(record.policy)
    .number(record.world)
    .number(static_cast<std::uint8_t>(record.kind))
    .number(static_cast<std::uint8_t>(record.propensity_is));
}

void session_packer::start_at(std::uint64_t record) {
  slates_.clear();
  impressions_.clear();
  events_.clear();
  first_ = next_ = record;
  in_slate_ = false;
}

session_unpacker::session_unpacker(std::string path, std::uint64_t first_record)
  : path_{std::move(path)}, first_record_{first_record} {
  // nop
}

void session_unpacker::take_slates(std::size_t count, const unsigned char* rows) {
  for (std::size_t i = 0; i < count; ++i) {
    unpacker bytes{rows + i * slates_layout().row_size()};
    stored_slate slate;
    slate.first = bytes.number<std::uint64_t>();
    slate.shared.time = bytes.number<core::time_ms>();
    slate.shared.user = bytes.number<core::user_id>();
    slate.shared.session = bytes.number<std::uint32_t>();
    slate.shared.step = bytes.number<std::uint32_t>();
    slate.shared.slate = bytes.number<std::uint32_t>();
    slate.shared.query = bytes.number<std::uint32_t>();
    slate.length = bytes.number<std::uint16_t>();
    slate.shared.policy = bytes.number<std::uint16_t>();
    slate.shared.world = bytes.number<std::uint16_t>();
    slate.shared.propensity_is =
      propensity_kind_of(bytes.number<std::uint8_t>(), path_);
    slates_.push_back(slate);
  }
}

void session_unpacker::take_impressions(std::size_t count, const unsigned char* rows) {
  for (std::size_t i = 0; i < count; ++i) {
    unpacker bytes{rows + i * impressions_layout().row_size()};
    stored_impression impression;
    impression.item = bytes.number<core::item_id>();
    impression.price = bytes.number<float>();
    impression.propensity = bytes.number<float>();
    impressions_.push_back(impression);
  }
}

void session_unpacker::take_events(std::size_t count, const unsigned char* rows) {
  for (std::size_t i = 0; i < count; ++i)
    events_.push_back(unpack_event(rows + i * events_layout().row_size(), path_));
}

std::vector<session_record> session_unpacker::finish() {
  std::vector<session_record> records;
  records.reserve(impressions_.size() + events_.size());
  auto event = events_.begin();
  auto impression = impressions_.begin();
  for (const auto& slate : slates_) {
    while (first_record_ + records.size() < slate.first && event != events_.end())
      records.push_back(*event++);
    if (first_record_ + records.size() != slate.first
        || impressions_.end() - impression < slate.length)
      refuse();
    auto record = slate.shared;
    for (std::uint16_t j = 0; j < slate.length; ++j, ++impression, ++record.step) {
      record.position = j;
      record.item = impression->item;
      record.price = impression->price;
      record.propensity = impression->propensity;
      records.push_back(record);
    }
  }
  records.insert(records.end(), event, events_.end());
  if (impression != impressions_.end())
    refuse();
  return records;
}

void session_unpacker::refuse() const {
  throw core::error{"slates, impressions and events do not fit together", path_,
                    "simulate again"};
}

void session_digest::feed(const session_packer& rows) {
  // The largest of the three where slates are short.
  auto slates = std::async([this, &rows] { feed_slates(rows.slates()); });
  feed_impressions(rows.impressions());
  feed_events(rows.events());
  slates.get();
}

void session_digest::feed_slates(core::span<const unsigned char> rows) {
  slates_.feed_bytes(rows.data(), rows.size());
}

void session_digest::feed_impressions(core::span<const unsigned char> rows) {
  impressions_.feed_bytes(rows.data(), rows.size());
}

void session_digest::feed_events(core::span<const unsigned char> rows) {
  events_.feed_bytes(rows.data(), rows.size());
}

std::string session_digest::finish() {
  core::digest whole;
  for (auto* part : {&slates_, &impressions_, &events_})
    whole.feed(std::string_view{part->finish()});
  return whole.finish();
}

} // namespace souk::data
