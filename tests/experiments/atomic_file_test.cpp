#include "experiments/atomic_file.hpp"

#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace fs = std::filesystem;

namespace {

std::ptrdiff_t entries_in(const std::string& folder) {
  return std::distance(fs::directory_iterator{folder}, fs::directory_iterator{});
}

} // namespace

TEST_CASE("a file is replaced as a whole and nothing else is left",
          "[experiments][atomic_file]") {
  const scratch_folder folder;
  const auto path = folder.write("a.json", "old");
  std::string bytes(3'000'000, 'x');
  bytes[17] = '\0';
  write_file_atomically(path, bytes);
  CHECK(read_file(path) == bytes);
  write_file_atomically(path, "");
  CHECK(read_file(path).empty());
  CHECK(entries_in(folder / "") == 1);
}

TEST_CASE("a file that cannot take its name leaves nothing behind",
          "[experiments][atomic_file]") {
  const scratch_folder folder;
  folder.write("taken/inside", "");
  CHECK_THAT(failure_of([&] { write_file_atomically(folder / "taken", "new"); }),
             Contains(folder / "taken") && Contains("cannot take its name"));
  CHECK(entries_in(folder / "") == 1);
  CHECK_THAT(failure_of([&] { write_file_atomically(folder / "no/such/folder", "x"); }),
             Contains("no/such/folder") && Contains("check that the folder exists"));
}

TEST_CASE("a full disk is called by its name", "[experiments][atomic_file]") {
  const auto full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  CHECK_THAT(
    failure_of([full] { write_all(full, "bytes", "runs/a/results.json"); }),
    Contains("runs/a/results.json: cannot be written: the disk is full; free some"));
  close(full);
}

TEST_CASE("names of unfinished files are known", "[experiments][atomic_file]") {
  CHECK(is_partial_file(".results.json.12.partial"));
  CHECK_FALSE(is_partial_file("results.json"));
  CHECK_FALSE(is_partial_file(".partial"));
}

TEST_CASE("a file that cannot be read is named", "[experiments][atomic_file]") {
  const scratch_folder folder;
  CHECK_THAT(failure_of([&] { read_file(folder / "nothing"); }), Contains("nothing"));
  CHECK_THAT(failure_of([&] { read_file(folder / ""); }), Contains("is a directory"));
}
