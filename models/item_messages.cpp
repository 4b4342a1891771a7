#include "models/item_messages.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

// The words of rows: batch_users, then for each row the number of its entries, the
// value of those that are kept (a float's bits), and the entries: twice the item's
// place in the range, plus 1 if it is kept.

namespace souk::models {

namespace {

[[noreturn]] void refuse(const char* what) {
  throw core::error{what, "placement by_item", "check the network between processes"};
}

std::uint32_t bits_of(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float float_of(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class Numbers>
std::vector<Numbers> copied(core::span<const float> words, std::size_t count) {
  if (words.size() * sizeof(float) != count * sizeof(Numbers))
    refuse("the numbers of another batch");
  std::vector<Numbers> values(count);
  static_assert(std::is_trivially_copyable_v<Numbers>);
  std::memcpy(static_cast<void*>(values.data()), words.data(), count * sizeof(Numbers));
  return values;
}

} // namespace

packed_words pack(const item_rows& rows, const item_range& items) {
  packed_words words{rows.batch_users};
  for (std::size_t row = 0; row < rows.values.size(); ++row) {
    const auto* all = rows.items.data();
    const auto* first = std::lower_bound(all + rows.offsets[row],
                                         all + rows.offsets[row + 1], items.begin);
    const auto* end = std::lower_bound(first, all + rows.offsets[row + 1], items.end);
    words.push_back(static_cast<std::uint32_t>(end - first));
    words.push_back(bits_of(rows.values[row]));
    for (const auto* item = first; item != end; ++item)
      words.push_back(2 * (*item - items.begin) + rows.kept[item - all]);
  }
  return words;
}

item_rows
unpack_rows(packed_words words, std::size_t num_rows, const item_range& items) {
  std::size_t next = 0;
  const auto take = [&] {
    if (next == words.size())
      refuse("rows that end too early");
    return words[next++];
  };
  item_rows rows;
  rows.batch_users = take();
  if (rows.batch_users == 0)
    refuse("a batch without users");
  for (std::size_t row = 0; row < num_rows; ++row) {
    const auto count = take();
    rows.values.push_back(float_of(take()));
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto word = take();
      const auto item = items.begin + word / 2;
      if (word / 2 >= items.size() || (i > 0 && item <= rows.items.back()))
        refuse("rows of other items");
      rows.items.push_back(item);
      rows.kept.push_back(word % 2);
    }
    rows.offsets.push_back(rows.items.size());
  }
  if (next != words.size())
    refuse("rows that do not end");
  return rows;
}

double share_of(double maximum, double highest) {
  const auto exponent = maximum - highest;
  return exponent <= 0 ? core::portable::exp(exponent) : exponent;
}

row_softmax merged(const row_softmax& left, const row_softmax& right) {
  const auto maximum = std::max(left.maximum, right.maximum);
  return {maximum,
          left.sum * share_of(left.maximum, maximum)
            + right.sum * share_of(right.maximum, maximum),
          left.observed + right.observed};
}

std::vector<row_softmax> softmaxes_of(core::span<const float> words,
                                      std::size_t count) {
  return copied<row_softmax>(words, count);
}

std::vector<row_scale> scales_of(core::span<const float> words, std::size_t count) {
  return copied<row_scale>(words, count);
}

} // namespace souk::models
