#include "core/random.hpp"
#include "data/hdf5_file.hpp"
#include "examples.hpp"
#include "importing.hpp"

#include <hdf5.h>

#include <cstring>

using namespace souk;
using tests::scratch_folder;

namespace {

// Two chunks and a part of a third.
constexpr std::size_t num_rows = 60'000;

const data::hdf5::row_layout& example_layout() {
  using data::hdf5::number_kind;
  static const data::hdf5::row_layout layout{
    {data::hdf5::number_member("number", number_kind::u32),
     data::hdf5::number_member("byte", number_kind::u8),
     data::hdf5::text_member("text", 4)}};
  return layout;
}

/// Rows of which half can be compressed and half cannot.
std::vector<unsigned char> example_rows() {
  const auto row_size = example_layout().row_size();
  std::vector<unsigned char> rows(num_rows * row_size);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (i >= rows.size() / 2)
      rows[i] = static_cast<unsigned char>(
        core::random_words({9, core::stream::synthetic_data, i, 0}, 0)[0]);
  return rows;
}

void write_by_souk(const std::string& path, const std::vector<unsigned char>& rows) {
  const auto row_size = example_layout().row_size();
  auto file = data::hdf5::file::create(path);
  file.write_table("table", example_layout(), num_rows,
                   [&](std::uint64_t first, std::size_t count, unsigned char* place) {
                     std::memcpy(place, rows.data() + first * row_size,
                                 count * row_size);
                   });
  file.close();
}

std::vector<unsigned char> read_by_souk(const std::string& path) {
  std::vector<unsigned char> rows;
  const auto row_size = example_layout().row_size();
  const auto file = data::hdf5::file::open(path);
  file.read_table(
    "table", example_layout(),
    [&](std::uint64_t first, std::size_t count, const unsigned char* place) {
      REQUIRE(rows.size() == first * row_size);
      rows.insert(rows.end(), place, place + count * row_size);
    });
  return rows;
}

/// Calls `transfer(dataset, type)` for the table of a file.
template <class Transfer>
void with_table(const std::string& path, unsigned mode, Transfer transfer) {
  const auto file = H5Fopen(path.c_str(), mode, H5P_DEFAULT);
  const auto dataset = H5Dopen2(file, "table", H5P_DEFAULT);
  const auto type = H5Dget_type(dataset);
  CHECK(transfer(dataset, type) >= 0);
  H5Tclose(type);
  H5Dclose(dataset);
  CHECK(H5Fclose(file) >= 0);
}

/// Copies a file and gives its table other filters, or none.
void write_with(const std::string& path,
                const std::vector<unsigned char>& rows,
                bool checksums) {
  write_by_souk(path, rows);
  const auto file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const auto old = H5Dopen2(file, "table", H5P_DEFAULT);
  const auto type = H5Dget_type(old);
  const auto space = H5Dget_space(old);
  H5Dclose(old);
  CHECK(H5Ldelete(file, "table", H5P_DEFAULT) >= 0);
  const auto how = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = 7'000;
  H5Pset_chunk(how, 1, &chunk);
  H5Pset_shuffle(how);
  H5Pset_deflate(how, 6);
  if (checksums)
    H5Pset_fletcher32(how);
  const auto made =
    H5Dcreate2(file, "table", type, space, H5P_DEFAULT, how, H5P_DEFAULT);
  CHECK(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()) >= 0);
  H5Dclose(made);
  H5Pclose(how);
  H5Sclose(space);
  H5Tclose(type);
  CHECK(H5Fclose(file) >= 0);
}

} // namespace

TEST_CASE("HDF5 reads the tables that souk wrote", "[data][hdf5_table]") {
  const scratch_folder folder;
  const auto rows = example_rows();
  write_by_souk(folder / "t.h5", rows);
  std::vector<unsigned char> read(rows.size());
  with_table(folder / "t.h5", H5F_ACC_RDONLY, [&](hid_t dataset, hid_t type) {
    return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read.data());
  });
  CHECK(read == rows);
  CHECK(read_by_souk(folder / "t.h5") == rows);
}

TEST_CASE("souk reads the tables that HDF5 wrote", "[data][hdf5_table]") {
  const scratch_folder folder;
  const auto rows = example_rows();
  // HDF5 skips deflate for the chunks that would not get smaller.
  write_with(folder / "t.h5", rows, /*checksums=*/true);
  CHECK(read_by_souk(folder / "t.h5") == rows);
}

TEST_CASE("a table without checksums is refused", "[data][hdf5_table]") {
  const scratch_folder folder;
  write_with(folder / "t.h5", example_rows(), /*checksums=*/false);
  CHECK(test::error_of([&] {
          read_by_souk(folder / "t.h5");
        }).find("not stored with shuffle, deflate and fletcher32")
        != std::string::npos);
}

TEST_CASE("a table with other columns is refused", "[data][hdf5_table]") {
  const scratch_folder folder;
  write_by_souk(folder / "t.h5", example_rows());
  const auto file = data::hdf5::file::open(folder / "t.h5");
  const data::hdf5::row_layout other{
    {data::hdf5::number_member("number", data::hdf5::number_kind::u32)}};
  CHECK(test::error_of([&] {
          file.read_table("table", other,
                          [](std::uint64_t, std::size_t, const unsigned char*) {});
        }).find("has other columns")
        != std::string::npos);
}

TEST_CASE("a missing chunk and a damaged one are errors", "[data][hdf5_table]") {
  const scratch_folder folder;
  const auto rows = example_rows();
  const auto path = folder / "t.h5";
  write_by_souk(path, rows);
  SECTION("longer than what was written") {
    with_table(path, H5F_ACC_RDWR, [](hid_t dataset, hid_t) {
      const hsize_t more = 2 * num_rows;
      return H5Dset_extent(dataset, &more);
    });
  }
  SECTION("a bit flipped inside the second chunk") {
    with_table(path, H5F_ACC_RDWR, [](hid_t dataset, hid_t) {
      const auto how = H5Dget_create_plist(dataset);
      hsize_t second = 0; // its first row is the size of the first
      H5Pget_chunk(how, 1, &second);
      H5Pclose(how);
      hsize_t size = 0;
      H5Dget_chunk_storage_size(dataset, &second, &size);
      unsigned mask = 0;
      std::vector<unsigned char> stored(size);
      H5Dread_chunk(dataset, H5P_DEFAULT, &second, &mask, stored.data());
      stored[size / 2] ^= 4;
      return H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &second, size, stored.data());
    });
  }
  CHECK_FALSE(test::error_of([&] { read_by_souk(path); }).empty());
}
