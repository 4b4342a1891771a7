#include "eval/item_counts.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using souk::eval::item_counts;

namespace {

core::session_record record_of(core::event_kind kind, core::item_id item) {
  core::session_record record;
  record.kind = kind;
  record.item = item;
  return record;
}

} // namespace

SCENARIO("items are counted while records pass", "[eval][popularity]") {
  GIVEN("a catalogue of four items, and records of every kind") {
    using core::event_kind;
    item_counts counts{4};
    const std::vector<core::session_record> records{
      record_of(event_kind::impression, 0),
      record_of(event_kind::click, 3),
      record_of(event_kind::click, 3),
      record_of(event_kind::cart, 3),
      record_of(event_kind::purchase, 3),
      record_of(event_kind::product_return, 3),
      record_of(event_kind::search, core::no_item),
      record_of(event_kind::click, 1),
      record_of(event_kind::view, 2),
      record_of(event_kind::rating, 3),
      record_of(event_kind::leave, core::no_item)};
    WHEN("they pass in two parts") {
      counts.add({records.data(), 3});
      counts.add({records.data() + 3, records.size() - 3});
      THEN("what was opened and what was bought is known, and nothing else counts") {
        CHECK(counts.clicks() == std::vector<std::uint64_t>{0, 1, 0, 2});
        CHECK(counts.purchases() == std::vector<std::uint64_t>{0, 0, 0, 1});
      }
      AND_WHEN("the next market begins") {
        counts.clear();
        THEN("it begins with nothing") {
          CHECK(counts.clicks() == std::vector<std::uint64_t>(4));
          CHECK(counts.purchases() == std::vector<std::uint64_t>(4));
        }
      }
    }
  }
}
