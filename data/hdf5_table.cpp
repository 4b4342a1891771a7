#include "data/hdf5_file.hpp"
#include "data/hdf5_handle.hpp"

#include <algorithm>
#include <utility>

namespace souk::data::hdf5 {

namespace {

/// Rows per chunk: chunks of about 256 KB compress well and stay in caches.
constexpr std::uint64_t chunk_bytes = std::uint64_t{1} << 18;
/// Rows that pass through memory at a time.
constexpr std::uint64_t buffer_bytes = std::uint64_t{1} << 23;

hid_t text_type(std::size_t size) {
  const auto type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, size);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

hid_t compound_of(const row_layout& layout, const std::string& path) {
  const auto type =
    checked(H5Tcreate(H5T_COMPOUND, layout.row_size()), "describing a table", path);
  for (const auto& part : layout.members()) {
    const type_handle member_type{part.is_text ? text_type(part.size)
                                               : H5Tcopy(native_type(part.number))};
    if (H5Tinsert(type, part.name.c_str(), part.offset, member_type.id()) < 0) {
      H5Tclose(type);
      checked(-1, "describing the column " + part.name, path);
    }
  }
  return type;
}

member member_of(hid_t compound, unsigned index, const std::string& path) {
  auto* name = H5Tget_member_name(compound, index);
  member part;
  part.name = name ? name : "";
  H5free_memory(name);
  const type_handle type{H5Tget_member_type(compound, index)};
  part.size = H5Tget_size(type.id());
  part.is_text = H5Tget_class(type.id()) == H5T_STRING;
  if (part.is_text && H5Tis_variable_str(type.id()) > 0)
    throw core::error{"the column \"" + part.name + "\" has texts of variable length",
                      path, "this is no file of souk, or one of a later version"};
  if (!part.is_text)
    part.number = kind_of_type(type.id(), part.name, path);
  return part;
}

std::size_t rows_at_a_time(const row_layout& layout) {
  return static_cast<std::size_t>(
    std::max<std::uint64_t>(1, buffer_bytes / layout.row_size()));
}

/// Calls `transfer(memory space, file space, first, count)` for runs of rows.
template <class Transfer>
void by_runs(std::uint64_t num_rows,
             std::size_t rows_per_run,
             hid_t dataset,
             const std::string& path,
             Transfer transfer) {
  const space_handle space{checked(H5Dget_space(dataset), "reading a shape", path)};
  for (std::uint64_t first = 0; first < num_rows; first += rows_per_run) {
    const hsize_t start = first;
    const hsize_t count = std::min<std::uint64_t>(rows_per_run, num_rows - first);
    checked(
      H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &count, nullptr),
      "selecting rows", path);
    const space_handle memory{H5Screate_simple(1, &count, nullptr)};
    transfer(memory.id(), space.id(), first, static_cast<std::size_t>(count));
  }
}

} // namespace

std::size_t size_of(number_kind kind) {
  switch (kind) {
  case number_kind::u8:
    return 1;
  case number_kind::u16:
    return 2;
  case number_kind::u32:
  case number_kind::f32:
    return 4;
  case number_kind::u64:
  case number_kind::i64:
  case number_kind::f64:
    return 8;
  }
  return 0;
}

member number_member(std::string name, number_kind kind) {
  return {std::move(name), false, kind, size_of(kind), 0};
}

member text_member(std::string name, std::size_t size) {
  return {std::move(name), true, number_kind::u8, std::max<std::size_t>(1, size), 0};
}

row_layout::row_layout(std::vector<member> members) : members_{std::move(members)} {
  for (auto& part : members_) {
    part.offset = row_size_;
    row_size_ += part.size;
  }
}

bool operator==(const row_layout& a, const row_layout& b) {
  const auto same = [](const member& x, const member& y) {
    return x.name == y.name && x.is_text == y.is_text && x.size == y.size
           && (x.is_text || x.number == y.number);
  };
  return std::equal(a.members().begin(), a.members().end(), b.members().begin(),
                    b.members().end(), same);
}

void file::write_table(const std::string& name,
                       const row_layout& layout,
                       std::uint64_t num_rows,
                       const row_source& fill) {
  const library_lock lock;
  const type_handle type{compound_of(layout, path_)};
  const hsize_t extent = num_rows;
  const hsize_t unlimited = H5S_UNLIMITED;
  const space_handle space{
    checked(H5Screate_simple(1, &extent, &unlimited), "shaping " + name, path_)};
  const hsize_t chunk = std::max<std::uint64_t>(
    1, std::min(chunk_bytes / layout.row_size(), std::max<std::uint64_t>(1, num_rows)));
  const property_handle properties{chunked_properties({chunk}, true)};
  const dataset_handle dataset{
    checked(H5Dcreate2(id_, name.c_str(), type.id(), space.id(), H5P_DEFAULT,
                       properties.id(), H5P_DEFAULT),
            "creating " + name, path_)};
  std::vector<unsigned char> rows;
  const auto write_run = [&](hid_t memory, hid_t place, std::uint64_t first,
                             std::size_t count) {
    rows.assign(count * layout.row_size(), 0);
    fill(first, count, rows.data());
    checked(H5Dwrite(dataset.id(), type.id(), memory, place, H5P_DEFAULT, rows.data()),
            "writing " + name, path_);
  };
  by_runs(num_rows, rows_at_a_time(layout), dataset.id(), path_, write_run);
}

row_layout file::layout_of(const std::string& table) const {
  const library_lock lock;
  const dataset_handle dataset{
    checked(H5Dopen2(id_, table.c_str(), H5P_DEFAULT), "opening " + table, path_)};
  const type_handle type{
    checked(H5Dget_type(dataset.id()), "reading the columns of " + table, path_)};
  if (H5Tget_class(type.id()) != H5T_COMPOUND)
    throw core::error{"\"" + table + "\" is no table", path_,
                      "this is no file of souk, or one of a later version"};
  const auto count = checked(H5Tget_nmembers(type.id()), "counting columns", path_);
  std::vector<member> members;
  for (int i = 0; i < count; ++i)
    members.push_back(member_of(type.id(), static_cast<unsigned>(i), path_));
  return row_layout{std::move(members)};
}

std::uint64_t file::rows_of(const std::string& table) const {
  const auto shape = shape_of(table);
  if (shape.size() != 1)
    throw core::error{"\"" + table + "\" is no table", path_,
                      "this is no file of souk, or one of a later version"};
  return shape.front();
}

void file::read_table(const std::string& name,
                      const row_layout& layout,
                      const row_sink& take) const {
  const library_lock lock;
  if (!(layout_of(name) == layout))
    throw core::error{"the table \"" + name + "\" has other columns", path_,
                      "this is no file of souk, or one of another version"};
  const auto num_rows = rows_of(name);
  const dataset_handle dataset{
    checked(H5Dopen2(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  const type_handle type{compound_of(layout, path_)};
  const auto per_run = rows_at_a_time(layout);
  std::vector<unsigned char> rows(std::min<std::uint64_t>(per_run, num_rows)
                                  * layout.row_size());
  const auto read_run = [&](hid_t memory, hid_t place, std::uint64_t first,
                            std::size_t count) {
    checked(H5Dread(dataset.id(), type.id(), memory, place, H5P_DEFAULT, rows.data()),
            "reading " + name, path_);
    take(first, count, rows.data());
  };
  by_runs(num_rows, per_run, dataset.id(), path_, read_run);
}

} // namespace souk::data::hdf5
