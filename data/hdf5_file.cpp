#include "data/hdf5_file.hpp"

#include "data/hdf5_handle.hpp"

#include <array>
#include <numeric>
#include <utility>

namespace souk::data::hdf5 {

namespace {

constexpr std::array<number_kind, 7> all_kinds{
  number_kind::u8,  number_kind::u16, number_kind::u32, number_kind::u64,
  number_kind::i64, number_kind::f32, number_kind::f64};

constexpr std::uint64_t chunk_bytes = std::uint64_t{1} << 20;

/// Chunks of an array: whole rows where a row is small, else a part of one.
std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& shape, std::size_t size) {
  auto chunk = shape;
  auto budget = chunk_bytes / size;
  for (auto extent = chunk.rbegin(); extent != chunk.rend(); ++extent) {
    *extent = std::max<hsize_t>(1, std::min<hsize_t>(*extent, budget));
    budget = std::max<hsize_t>(1, budget / *extent);
  }
  return chunk;
}

std::vector<hsize_t> shape_of_dataset(hid_t dataset, const std::string& path) {
  const space_handle space{checked(H5Dget_space(dataset), "reading a shape", path)};
  const auto rank =
    checked(H5Sget_simple_extent_ndims(space.id()), "reading a shape", path);
  std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
  if (rank > 0)
    checked(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr),
            "reading a shape", path);
  return shape;
}

hid_t variable_text() {
  const auto type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

} // namespace

std::string take_reason() {
  std::string reason;
  const auto keep = [](unsigned, const H5E_error2_t* entry, void* out) -> herr_t {
    if (entry->desc)
      *static_cast<std::string*>(out) = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep, &reason);
  H5Eclear2(H5E_DEFAULT);
  return reason.empty() ? "no reason given" : reason;
}

hid_t native_type(number_kind kind) {
  switch (kind) {
  case number_kind::u8:
    return H5T_NATIVE_UINT8;
  case number_kind::u16:
    return H5T_NATIVE_UINT16;
  case number_kind::u32:
    return H5T_NATIVE_UINT32;
  case number_kind::u64:
    return H5T_NATIVE_UINT64;
  case number_kind::i64:
    return H5T_NATIVE_INT64;
  case number_kind::f32:
    return H5T_NATIVE_FLOAT;
  case number_kind::f64:
    return H5T_NATIVE_DOUBLE;
  }
  return H5I_INVALID_HID;
}

number_kind kind_of_type(hid_t type, const std::string& name, const std::string& path) {
  for (const auto kind : all_kinds)
    if (H5Tequal(type, native_type(kind)) > 0)
      return kind;
  throw core::error{"\"" + name + "\" has a type that souk never writes", path,
                    "this is no file of souk, or one of a later version"};
}

hid_t chunked_properties(const std::vector<hsize_t>& chunk, bool compressed) {
  const auto properties = H5Pcreate(H5P_DATASET_CREATE);
  // A time in the file would give the same data another hash.
  H5Pset_obj_track_times(properties, false);
  if (chunk.empty())
    return properties;
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  if (compressed) {
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, 1);
  }
  H5Pset_fletcher32(properties);
  return properties;
}

file::file(std::int64_t id, std::string path) : id_{id}, path_{std::move(path)} {
  // nop
}

file::file(file&& other) noexcept
  : id_{std::exchange(other.id_, H5I_INVALID_HID)}, path_{std::move(other.path_)} {
  // nop
}

file::~file() {
  const library_lock lock;
  if (id_ >= 0)
    H5Fclose(id_);
}

file file::create(const std::string& path) {
  const library_lock lock;
  return {checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                  "creating the file", path),
          path};
}

file file::open(const std::string& path) {
  const library_lock lock;
  return {checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT),
                  "opening the file", path),
          path};
}

void file::close() {
  const library_lock lock;
  checked(H5Fflush(id_, H5F_SCOPE_GLOBAL), "writing the file", path_);
  checked(H5Fclose(std::exchange(id_, H5I_INVALID_HID)), "closing the file", path_);
}

void file::create_group(const std::string& name) {
  const library_lock lock;
  const group_handle group{
    checked(H5Gcreate2(id_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
            "creating " + name, path_)};
}

bool file::has(const std::string& name) const {
  const library_lock lock;
  return H5Lexists(id_, name.c_str(), H5P_DEFAULT) > 0;
}

entry_kind file::what_is(const std::string& name) const {
  const library_lock lock;
  const auto object =
    checked(H5Oopen(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_);
  auto kind = entry_kind::group;
  if (H5Iget_type(object) == H5I_DATASET) {
    const auto type = H5Dget_type(object);
    kind = H5Tget_class(type) == H5T_COMPOUND ? entry_kind::table : entry_kind::array;
    H5Tclose(type);
  }
  H5Oclose(object);
  return kind;
}

std::vector<std::string> file::names_in(const std::string& name) const {
  const library_lock lock;
  const group_handle group{
    checked(H5Gopen2(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  std::vector<std::string> names;
  checked(
    H5Literate(group.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names),
    "listing " + name, path_);
  return names;
}

void file::write_array(const std::string& name,
                       number_kind kind,
                       const std::vector<std::uint64_t>& shape,
                       const void* values) {
  write_array(name, kind, shape, values, /*in_chunks=*/true);
}

void file::write_plain_array(const std::string& name,
                             number_kind kind,
                             const std::vector<std::uint64_t>& shape,
                             const void* values) {
  write_array(name, kind, shape, values, /*in_chunks=*/false);
}

void file::write_array(const std::string& name,
                       number_kind kind,
                       const std::vector<std::uint64_t>& shape,
                       const void* values,
                       bool in_chunks) {
  const library_lock lock;
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  const auto size =
    std::accumulate(extents.begin(), extents.end(), hsize_t{1}, std::multiplies<>{});
  const space_handle space{
    checked(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
            "shaping " + name, path_)};
  // What is empty or a single number cannot be chunked.
  const auto plain = !in_chunks || size == 0 || extents.empty();
  const property_handle properties{chunked_properties(
    plain ? std::vector<hsize_t>{} : chunk_of(extents, size_of(kind)), false)};
  const dataset_handle dataset{
    checked(H5Dcreate2(id_, name.c_str(), native_type(kind), space.id(), H5P_DEFAULT,
                       properties.id(), H5P_DEFAULT),
            "creating " + name, path_)};
  if (size > 0)
    checked(
      H5Dwrite(dataset.id(), native_type(kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
      "writing " + name, path_);
}

std::vector<std::uint64_t> file::shape_of(const std::string& array) const {
  const library_lock lock;
  const dataset_handle dataset{
    checked(H5Dopen2(id_, array.c_str(), H5P_DEFAULT), "opening " + array, path_)};
  const auto shape = shape_of_dataset(dataset.id(), path_);
  return {shape.begin(), shape.end()};
}

number_kind file::kind_of(const std::string& array) const {
  const library_lock lock;
  const dataset_handle dataset{
    checked(H5Dopen2(id_, array.c_str(), H5P_DEFAULT), "opening " + array, path_)};
  const type_handle type{H5Dget_type(dataset.id())};
  return kind_of_type(type.id(), array, path_);
}

void file::read_array(const std::string& name, number_kind kind, void* values) const {
  const library_lock lock;
  if (kind_of(name) != kind)
    throw core::error{"\"" + name + "\" holds another kind of number", path_,
                      "this is no file of souk, or one of a later version"};
  const dataset_handle dataset{
    checked(H5Dopen2(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  for (const auto extent : shape_of_dataset(dataset.id(), path_))
    if (extent == 0)
      return;
  checked(
    H5Dread(dataset.id(), native_type(kind), H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
    "reading " + name, path_);
}

void file::write_attributes(const std::string& name,
                            const std::map<std::string, std::string>& attributes) {
  const library_lock lock;
  const object_handle object{
    checked(H5Oopen(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  const space_handle space{H5Screate(H5S_SCALAR)};
  const type_handle type{variable_text()};
  for (const auto& [key, value] : attributes) {
    const attribute_handle attribute{
      checked(H5Acreate2(object.id(), key.c_str(), type.id(), space.id(), H5P_DEFAULT,
                         H5P_DEFAULT),
              "creating the attribute " + key, path_)};
    const auto* text = value.c_str();
    checked(H5Awrite(attribute.id(), type.id(), &text), "writing the attribute " + key,
            path_);
  }
}

std::map<std::string, std::string>
file::read_attributes(const std::string& name) const {
  const library_lock lock;
  const object_handle object{
    checked(H5Oopen(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  std::vector<std::string> keys;
  checked(H5Aiterate2(object.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
                      collect_attribute, &keys),
          "listing attributes of " + name, path_);
  const type_handle type{variable_text()};
  std::map<std::string, std::string> attributes;
  for (const auto& key : keys) {
    const attribute_handle attribute{
      checked(H5Aopen(object.id(), key.c_str(), H5P_DEFAULT), "opening " + key, path_)};
    char* text = nullptr;
    checked(H5Aread(attribute.id(), type.id(), &text), "reading " + key, path_);
    attributes[key] = text ? text : "";
    H5free_memory(text);
  }
  return attributes;
}

} // namespace souk::data::hdf5
