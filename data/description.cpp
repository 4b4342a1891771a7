#include "data/description.hpp"

#include "core/error.hpp"
#include "data/checkpoint.hpp"
#include "data/hashed_file.hpp"
#include "data/hdf5_file.hpp"

#include <filesystem>

namespace souk::data {

namespace {

/// Adds what a group holds, with the names that lead there.
void describe_group(const hdf5::file& file,
                    const std::string& group,
                    std::vector<described_part>& parts) {
  for (const auto& entry : file.names_in(group)) {
    const auto name = group == "/" ? entry : group + "/" + entry;
    switch (file.what_is(name)) {
    case hdf5::entry_kind::group:
      describe_group(file, name, parts);
      break;
    case hdf5::entry_kind::array:
      parts.push_back({name, file.shape_of(name), {}});
      break;
    case hdf5::entry_kind::table: {
      described_part part{name, {file.rows_of(name)}, {}};
      const auto layout = file.layout_of(name);
      for (const auto& column : layout.members())
        part.columns.push_back(column.name);
      parts.push_back(std::move(part));
      break;
    }
    }
  }
}

/// A checkpoint's state lies in a folder whose manifest has the hash.
std::string checked(const std::string& path) {
  const std::filesystem::path file{path};
  if (file.filename() == "state.h5"
      && std::filesystem::exists(file.parent_path() / "manifest.json"))
    return verified_state(file.parent_path().string());
  return verified(path);
}

} // namespace

file_description describe_file(const std::string& path) {
  const auto file = hdf5::file::open(checked(path));
  file_description made;
  made.attributes = file.read_attributes("/");
  const auto kind = made.attributes.find("souk_kind");
  if (kind == made.attributes.end())
    throw core::error{"this HDF5 file is none of souk's", path, "check the path"};
  made.kind = kind->second;
  if (file.has("options"))
    made.options = file.read_attributes("options");
  describe_group(file, "/", made.parts);
  return made;
}

} // namespace souk::data
