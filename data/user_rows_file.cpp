#include "data/user_rows_file.hpp"

#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/packing.hpp"
#include "data/stored_kind.hpp"

#include <algorithm>

namespace souk::data {

namespace {

using hdf5::number_kind;

const hdf5::row_layout& layout() {
  static const hdf5::row_layout pairs{{hdf5::number_member("user", number_kind::u32),
                                       hdf5::number_member("item", number_kind::u32)}};
  return pairs;
}

/// Packs pairs [first, first + count) of all rows in one.
void pack(const core::user_rows& all,
          std::uint64_t first,
          std::size_t count,
          unsigned char* rows) {
  const auto& offsets = all.rows.offsets;
  packer bytes{rows};
  auto row = static_cast<std::size_t>(
    std::upper_bound(offsets.begin(), offsets.end(), first) - offsets.begin() - 1);
  for (auto i = first; i < first + count; ++i) {
    while (offsets[row + 1] <= i)
      ++row;
    bytes.number(all.users[row]).number(all.rows.items[i]);
  }
}

/// Adds a pair, which must come after all that are there.
void take(core::user_rows& all, const unsigned char* row, const std::string& path) {
  unpacker bytes{row};
  const auto user = bytes.number<std::uint32_t>();
  const auto item = bytes.number<std::uint32_t>();
  const auto is_same = !all.users.empty() && all.users.back() == user;
  const auto in_order = is_same ? all.rows.items.back() < item
                                : all.users.empty() || all.users.back() < user;
  if (item >= all.rows.num_items || !in_order)
    throw core::error{"row " + std::to_string(all.rows.items.size())
                        + " makes no sense",
                      path, "remove it; what made it makes it again"};
  if (!is_same) {
    all.users.push_back(user);
    all.rows.offsets.push_back(all.rows.items.size());
  }
  all.rows.items.push_back(item);
  all.rows.offsets.back() = all.rows.items.size();
}

} // namespace

void write_user_rows(const std::string& path, const core::user_rows& rows) {
  core::expects(rows.users.size() == rows.rows.num_rows(), "a user has one row");
  write_hashed(path, [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "user_rows", {{"items", std::to_string(rows.rows.num_items)}});
    file.write_table("rows", layout(), rows.rows.items.size(),
                     [&](std::uint64_t first, std::size_t count, unsigned char* bytes) {
                       pack(rows, first, count, bytes);
                     });
    file.close();
  });
}

core::user_rows read_user_rows(const std::string& path) {
  const auto file = hdf5::file::open(verified(path));
  core::user_rows read;
  read.rows.num_items = static_cast<std::uint32_t>(
    number_of(read_kind(file, "user_rows", path), "items", path));
  file.read_table("rows", layout(),
                  [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
                    for (std::size_t i = 0; i < count; ++i)
                      take(read, rows + i * layout().row_size(), path);
                  });
  return read;
}

} // namespace souk::data
