#include "data/dataset_file.hpp"

#include "examples.hpp"
#include "importing.hpp"

using namespace souk;
using tests::scratch_folder;

TEST_CASE("a dataset comes back from its file as it was", "[data][dataset_file]") {
  const scratch_folder folder;
  const auto dataset = test::example_dataset();
  data::write_dataset(folder / "d.h5", dataset);
  const auto read = data::read_dataset(folder / "d.h5");
  CHECK(data::digest_of(read) == data::digest_of(dataset));
  CHECK(read.name == "example");
  CHECK(read.has_times);
  CHECK(read.roles == dataset.roles);
  CHECK(read.user_names == dataset.user_names);
  const auto& genres = read.item_attributes.columns[1];
  CHECK(genres.name == "genres/odd name");
  CHECK(genres.codes == dataset.item_attributes.columns[1].codes);
  CHECK(genres.offsets == dataset.item_attributes.columns[1].offsets);
}

TEST_CASE("a dataset without events, roles or attributes comes back too",
          "[data][dataset_file]") {
  const scratch_folder folder;
  core::dataset empty;
  data::write_dataset(folder / "d.h5", empty);
  CHECK(data::digest_of(data::read_dataset(folder / "d.h5")) == data::digest_of(empty));
}

TEST_CASE("equal datasets have files with equal bytes", "[data][dataset_file]") {
  const scratch_folder folder;
  data::write_dataset(folder / "a.h5", test::example_dataset());
  data::write_dataset(folder / "b.h5", test::example_dataset());
  CHECK(tests::bytes_of(folder / "a.h5") == tests::bytes_of(folder / "b.h5"));
}

TEST_CASE("the digest sees every part of a dataset but its name",
          "[data][dataset_file]") {
  const auto original = data::digest_of(test::example_dataset());
  const auto digest_after = [](auto change) {
    auto dataset = test::example_dataset();
    change(dataset);
    return data::digest_of(dataset);
  };
  CHECK(digest_after([](auto& d) { d.name = "other"; }) == original);
  CHECK(digest_after([](auto& d) { d.events[9].time += 1; }) != original);
  CHECK(digest_after([](auto& d) { d.events[9].price += 1; }) != original);
  CHECK(digest_after([](auto& d) { d.roles.back() = core::split_role::test_fold_in; })
        != digest_after([](auto& d) { d.roles.back() = core::split_role::training; }));
  CHECK(digest_after([](auto& d) { d.item_names[3] += "x"; }) != original);
  CHECK(digest_after([](auto& d) { d.has_times = false; }) != original);
  CHECK(digest_after([](auto& d) { d.user_attributes.columns[2].numbers[1] = 0; })
        != original);
  CHECK(digest_after([](auto& d) { d.item_attributes.columns.pop_back(); })
        != original);
}

TEST_CASE("a crash between the two renames loses nothing", "[data][dataset_file]") {
  const scratch_folder folder;
  const auto path = folder / "d.h5";
  data::write_dataset(path, test::example_dataset(10));
  const auto older = tests::bytes_of(path);
  data::write_dataset(path, test::example_dataset(20));
  // The new hash stands, the new bytes still have their temporary name.
  std::filesystem::rename(path, path + ".tmp");
  folder.write("d.h5", older);
  CHECK(data::read_dataset(path).user_names.size() == 20);
  std::filesystem::remove(path);
  CHECK(data::read_dataset(path).user_names.size() == 20);
}

TEST_CASE("a dataset that cannot be written leaves nothing behind",
          "[data][dataset_file]") {
  const scratch_folder folder;
  const auto path = folder / "missing/d.h5";
  CHECK(test::error_of([&] { data::write_dataset(path, {}); }).find("missing/d.h5")
        != std::string::npos);
  CHECK(std::filesystem::is_empty(folder.path()));
}
