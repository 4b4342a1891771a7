#include "data/hdf5_file.hpp"
#include "data/hdf5_handle.hpp"

#include <algorithm>
#include <utility>

namespace souk::data::hdf5 {

namespace {

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

} // namespace souk::data::hdf5
