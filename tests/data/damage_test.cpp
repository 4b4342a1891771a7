#include "core/digest.hpp"
#include "data/checkpoint.hpp"
#include "data/dataset_file.hpp"
#include "data/session_log.hpp"
#include "data/snapshot_file.hpp"
#include "examples.hpp"
#include "importing.hpp"

#include <functional>

using namespace souk;
using tests::scratch_folder;

namespace {

/// Damages a file in many ways and checks that `read` throws `core::error` each time;
/// anything else fails the test or crashes it.
void check_all_damage(const std::string& path, const std::function<void()>& read) {
  const auto whole = tests::bytes_of(path);
  const auto name = std::filesystem::path{path}.filename().string();
  const auto rejects = [&](const std::string& bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
    return !test::error_of(read).empty();
  };
  std::size_t accepted = 0;
  const auto stride = whole.size() / 150 + 1;
  for (std::size_t i = 0; i < whole.size(); i += stride) {
    auto flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    accepted += rejects(flipped) ? 0 : 1;
  }
  for (const auto kept : {std::size_t{0}, std::size_t{1}, std::size_t{100},
                          whole.size() / 2, whole.size() - 1})
    accepted += rejects(whole.substr(0, kept)) ? 0 : 1;
  accepted += rejects(whole + "x") ? 0 : 1;
  INFO(name);
  CHECK(accepted == 0);
  CHECK_FALSE(rejects(whole));
}

/// The same with a hash that fits: what a forger, or a bug of another program, would
/// leave. HDF5's own checksums and our checks must catch what changes the content.
void check_structure(const std::string& path,
                     const std::function<std::string()>& read_digest) {
  const auto whole = tests::bytes_of(path);
  const auto original = read_digest();
  const auto seal = [&](const std::string& bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
    std::ofstream{path + ".sha256"} << core::sha256_of(bytes) + "  x\n";
  };
  for (const auto kept :
       {std::size_t{0}, whole.size() / 3, whole.size() / 2, whole.size() - 1}) {
    seal(whole.substr(0, kept));
    CHECK_FALSE(test::error_of([&] { read_digest(); }).empty());
  }
  seal("this is no HDF5 file at all");
  CHECK_FALSE(test::error_of([&] { read_digest(); }).empty());
  seal(whole);
  CHECK(read_digest() == original);
}

} // namespace

TEST_CASE("a damaged dataset is always an error", "[data][damage]") {
  const scratch_folder folder;
  const auto path = folder / "d.h5";
  data::write_dataset(path, test::example_dataset());
  const auto digest = [&] {
    return data::digest_of(data::read_dataset(path));
  };
  check_all_damage(path, digest);
  check_structure(path, digest);
  const auto hash = tests::bytes_of(path + ".sha256");
  for (const auto kept : {0, 1, 63, 64}) {
    folder.write("d.h5.sha256", hash.substr(0, static_cast<std::size_t>(kept)));
    CHECK_FALSE(test::error_of(digest).empty());
  }
  for (std::size_t i = 0; i < 64; ++i) {
    auto flipped = hash;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    folder.write("d.h5.sha256", flipped);
    CHECK_FALSE(test::error_of(digest).empty());
  }
  std::filesystem::remove(path + ".sha256");
  CHECK(test::error_of(digest).find("its hash is missing") != std::string::npos);
}

TEST_CASE("a damaged model is always an error", "[data][damage]") {
  const scratch_folder folder;
  const auto path = folder / "m.h5";
  data::write_snapshot(path, test::example_snapshot(),
                       {{"a"}, test::example_attributes(1), {}});
  const auto digest = [&] {
    return core::digest_of(data::read_snapshot(path).model);
  };
  check_all_damage(path, digest);
  check_structure(path, digest);
}

TEST_CASE("a damaged segment of sessions is always an error", "[data][damage]") {
  const scratch_folder folder;
  data::session_log_writer writer{folder.path(), {{"random"}, {"lamp"}}, 300};
  writer.append(test::example_records(600));
  writer.close();
  const auto digest = [&] {
    return data::digest_of(data::read_session_log(folder.path()).records);
  };
  check_all_damage(folder / "00001.h5", digest);
  check_structure(folder / "00000.h5", digest);
}

TEST_CASE("a damaged checkpoint never hides the one before it", "[data][damage]") {
  const scratch_folder folder;
  data::write_checkpoint(folder.path(), test::example_checkpoint(1), 2);
  data::write_checkpoint(folder.path(), test::example_checkpoint(2), 2);
  // As an error, so that the same damage can be done: falling back is a refusal too.
  const auto read = [&] {
    std::vector<std::string> warnings;
    const auto state = data::read_latest_checkpoint(folder.path(), warnings);
    REQUIRE(state);
    REQUIRE(state->step + warnings.size() == 2);
    REQUIRE(state->parameters == test::example_checkpoint(state->step).parameters);
    if (state->step == 1)
      throw core::error{warnings[0], "", ""};
  };
  check_all_damage(folder / "2/state.h5", read);
  check_all_damage(folder / "2/manifest.json", read);
}
