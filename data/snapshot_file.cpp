#include "data/snapshot_file.hpp"

#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/owner_tables.hpp"
#include "data/stored_kind.hpp"

#include <functional>
#include <numeric>

namespace souk::data {

namespace {

using hdf5::number_kind;

std::uint64_t size_of(const std::vector<std::uint64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1},
                         std::multiplies<>{});
}

void write_tensor(hdf5::file& file,
                  const std::string& name,
                  const core::named_tensor& tensor) {
  const auto size = size_of(tensor.shape);
  core::expects(name.find('/') == std::string::npos, "a tensor's name has no slash");
  core::expects(tensor.floats.size() + tensor.integers.size() == size
                  && (tensor.floats.empty() || tensor.integers.empty()),
                "a tensor has as many values as its shape says, of one kind");
  const auto of_integers = !tensor.integers.empty();
  file.write_array("tensors/" + name, of_integers ? number_kind::u32 : number_kind::f32,
                   tensor.shape,
                   of_integers ? static_cast<const void*>(tensor.integers.data())
                               : tensor.floats.data());
}

core::named_tensor read_tensor(const hdf5::file& file, const std::string& name) {
  const auto array = "tensors/" + name;
  core::named_tensor tensor;
  tensor.shape = file.shape_of(array);
  const auto size = static_cast<std::size_t>(size_of(tensor.shape));
  if (file.kind_of(array) == number_kind::u32) {
    tensor.integers.resize(size);
    file.read_array(array, number_kind::u32, tensor.integers.data());
  } else {
    tensor.floats.resize(size);
    file.read_array(array, number_kind::f32, tensor.floats.data());
  }
  return tensor;
}

/// Drops the rows and keeps names, kinds and vocabularies.
core::attribute_table without_rows(const core::attribute_table& table) {
  return core::select_rows(table, {});
}

} // namespace

void write_snapshot(const std::string& path,
                    const core::snapshot& model,
                    const model_vocabulary& vocabulary) {
  write_hashed(path, [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "model", {{"model", model.kind}});
    file.create_group("options");
    file.write_attributes("options", model.options);
    file.create_group("tensors");
    for (const auto& [name, tensor] : model.tensors)
      write_tensor(file, name, tensor);
    write_owners(file, "items", vocabulary.items, vocabulary.item_attributes);
    write_owners(file, "users", {}, without_rows(vocabulary.user_attributes));
    file.close();
  });
}

stored_model read_snapshot(const std::string& path) {
  const auto file = hdf5::file::open(verified(path));
  const auto said = read_kind(file, "model", path);
  stored_model stored;
  stored.model.kind = attribute_of(said, "model", path);
  stored.model.options = file.read_attributes("options");
  for (const auto& name : file.names_in("tensors"))
    stored.model.tensors[name] = read_tensor(file, name);
  auto items = read_owners(file, "items", path);
  stored.vocabulary.items = std::move(items.names);
  stored.vocabulary.item_attributes = std::move(items.attributes);
  stored.vocabulary.user_attributes = read_owners(file, "users", path).attributes;
  return stored;
}

} // namespace souk::data
