#include "data/chunk_codec.hpp"
#include "data/hdf5_file.hpp"
#include "data/hdf5_handle.hpp"
#include "data/in_order.hpp"

#include <algorithm>
#include <array>

namespace souk::data::hdf5 {

namespace {

/// Rows per chunk: chunks of about 256 KB compress well and stay in caches.
constexpr std::uint64_t chunk_bytes = std::uint64_t{1} << 18;
/// What a chunk's filters are, first to last.
constexpr std::array<H5Z_filter_t, 3> table_filters{
  H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE, H5Z_FILTER_FLETCHER32};
/// Of a chunk's mask of skipped filters: deflate, which the library skips where it
/// gains nothing.
constexpr std::uint32_t deflate_skipped = 1U << 1;

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

/// A run of rows on its way into the file.
struct outgoing_chunk {
  chunk_encoder encoder;
  std::vector<unsigned char> rows;
  const_byte_span stored;
};

/// A run of rows on its way out of the file.
struct incoming_chunk {
  chunk_decoder decoder;
  std::vector<unsigned char> stored;
  bool deflated = true;
  bool intact = false;
  std::vector<unsigned char> rows;
};

/// How a table's rows are divided: the last chunk is stored whole, too.
struct chunking {
  std::uint64_t num_rows = 0;
  std::uint64_t rows_per_chunk = 0;

  std::uint64_t num_chunks() const {
    return num_rows / rows_per_chunk + (num_rows % rows_per_chunk == 0 ? 0 : 1);
  }

  std::uint64_t first_of(std::uint64_t chunk) const {
    return chunk * rows_per_chunk;
  }

  std::size_t rows_of(std::uint64_t chunk) const {
    return static_cast<std::size_t>(
      std::min(rows_per_chunk, num_rows - first_of(chunk)));
  }
};

/// Returns the rows per chunk of a table that is stored as `write_table` stores them;
/// 0 for others.
std::uint64_t rows_per_chunk_of(hid_t dataset) {
  const property_handle properties{H5Dget_create_plist(dataset)};
  hsize_t rows = 0;
  if (H5Pget_layout(properties.id()) != H5D_CHUNKED
      || H5Pget_chunk(properties.id(), 1, &rows) != 1
      || H5Pget_nfilters(properties.id()) != static_cast<int>(table_filters.size()))
    return 0;
  for (unsigned i = 0; i < table_filters.size(); ++i) {
    std::size_t no_values = 0;
    if (H5Pget_filter2(properties.id(), i, nullptr, &no_values, nullptr, 0, nullptr,
                       nullptr)
        != table_filters[i])
      return 0;
  }
  return rows;
}

/// Reads the stored bytes of the chunk that begins with that row.
void fetch(hid_t dataset,
           std::uint64_t first_row,
           incoming_chunk& chunk,
           const std::string& name,
           const std::string& path) {
  const auto doing = "reading " + name;
  const hsize_t offset = first_row;
  hsize_t size = 0;
  checked(H5Dget_chunk_storage_size(dataset, &offset, &size), doing, path);
  chunk.stored.resize(static_cast<std::size_t>(size));
  std::uint32_t skipped = 0;
  checked(H5Dread_chunk(dataset, H5P_DEFAULT, &offset, &skipped, chunk.stored.data()),
          doing, path);
  if (skipped != 0 && skipped != deflate_skipped)
    throw core::error{"a chunk of the table \"" + name + "\" has no checksum", path,
                      "make the file again"};
  chunk.deflated = skipped == 0;
}

} // namespace

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
  const chunking chunks{num_rows, chunk};
  const auto pack = [&](outgoing_chunk& next, std::uint64_t index) {
    next.rows.assign(chunk * layout.row_size(), 0);
    fill(chunks.first_of(index), chunks.rows_of(index), next.rows.data());
  };
  const auto encode = [&](outgoing_chunk& next) {
    next.stored = next.encoder.encode(next.rows, layout.row_size());
  };
  const auto store = [&](outgoing_chunk& next, std::uint64_t index) {
    const hsize_t offset = chunks.first_of(index);
    checked(H5Dwrite_chunk(dataset.id(), H5P_DEFAULT, 0, &offset, next.stored.size(),
                           next.stored.data()),
            "writing " + name, path_);
  };
  in_order<outgoing_chunk>(chunks.num_chunks(), pack, encode, store);
}

void file::read_table(const std::string& name,
                      const row_layout& layout,
                      const row_sink& take) const {
  const library_lock lock;
  const dataset_handle dataset{
    checked(H5Dopen2(id_, name.c_str(), H5P_DEFAULT), "opening " + name, path_)};
  const type_handle stored_type{H5Dget_type(dataset.id())};
  const type_handle type{compound_of(layout, path_)};
  if (H5Tequal(stored_type.id(), type.id()) <= 0)
    throw core::error{"the table \"" + name + "\" has other columns", path_,
                      "this is no file of souk, or one of another version"};
  const chunking chunks{rows_of(name), rows_per_chunk_of(dataset.id())};
  if (chunks.rows_per_chunk == 0)
    throw core::error{"the table \"" + name
                        + "\" is not stored with shuffle, deflate and fletcher32",
                      path_, "this is no file of souk, or one of another version"};
  const auto fetch_next = [&](incoming_chunk& next, std::uint64_t index) {
    fetch(dataset.id(), chunks.first_of(index), next, name, path_);
  };
  const auto decode = [&](incoming_chunk& next) {
    next.rows.resize(chunks.rows_per_chunk * layout.row_size());
    next.intact =
      next.decoder.decode(next.stored, next.deflated, layout.row_size(), next.rows);
  };
  const auto hand_over = [&](incoming_chunk& next, std::uint64_t index) {
    if (!next.intact)
      throw core::error{"a chunk of the table \"" + name + "\" is damaged", path_,
                        "make the file again"};
    take(chunks.first_of(index), chunks.rows_of(index), next.rows.data());
  };
  in_order<incoming_chunk>(chunks.num_chunks(), fetch_next, decode, hand_over);
}

} // namespace souk::data::hdf5
