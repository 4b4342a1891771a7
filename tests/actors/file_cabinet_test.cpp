#include "actors/file_cabinet.hpp"

#include "core/digest.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/still_system.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <memory>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

/// A run's directory with a model in it, and its cabinet.
struct cabinet_of_a_run {
  scratch_folder folder;
  still_system system;
  std::shared_ptr<actors::bulk::exchange> exchange =
    std::make_shared<actors::bulk::exchange>();
  file_cabinet_actor cabinet;

  cabinet_of_a_run() {
    exchange->open(0);
    cabinet = (*system).spawn(actors::file_cabinet, folder.path(), exchange);
    put("baselines/ease.h5", "seven.."); // no multiple of a word
  }

  ~cabinet_of_a_run() {
    system.stop(cabinet);
  }

  /// A new file each time, as a rename makes it.
  void put(const std::string& entry, const std::string& bytes) const {
    std::filesystem::remove(folder / entry);
    folder.write(entry, bytes);
    folder.write(entry + ".sha256", core::sha256_of(bytes) + "  x\n");
  }

  std::variant<file_opened, caf::error> open(const std::string& entry) {
    return system.ask<file_opened>(cabinet, open_file{entry});
  }

  std::string bytes_behind(const file_opened& opened) const {
    const auto found = exchange->find(opened.bytes);
    REQUIRE(found);
    REQUIRE(found->runs.size() == 1);
    std::string bytes(found->runs[0].length * sizeof(float), '?');
    std::memcpy(bytes.data(), found->runs[0].values, bytes.size());
    return bytes.substr(0, opened.length);
  }
};

} // namespace

SCENARIO("the cabinet lends the files of a run", "[actors][file_cabinet]") {
  cabinet_of_a_run run;
  GIVEN("a file whose length is no multiple of four") {
    const auto first = run.open("baselines/ease.h5");
    const auto& opened = std::get<file_opened>(first);
    THEN("its bytes are offered, and its hash beside them") {
      CHECK(run.bytes_behind(opened) == "seven..");
      CHECK(opened.hash == core::sha256_of("seven..") + "  x\n");
    }
    THEN("it is offered once, until it is another file") {
      const auto again = run.open("baselines/ease.h5");
      CHECK(core::same_bytes(std::get<file_opened>(again).bytes, opened.bytes));
      run.put("baselines/ease.h5", "eight...");
      const auto later = run.open("baselines/ease.h5");
      CHECK(run.bytes_behind(std::get<file_opened>(later)) == "eight...");
      CHECK(run.bytes_behind(opened) == "seven..");
    }
    THEN("another file has a slot of its own") {
      run.put("dataset.h5", "rows");
      const auto other = run.open("dataset.h5");
      CHECK(run.bytes_behind(std::get<file_opened>(other)) == "rows");
      CHECK(run.bytes_behind(opened) == "seven..");
    }
  }
}

SCENARIO("nothing but the run's numbers leaves its directory",
         "[actors][file_cabinet]") {
  cabinet_of_a_run run;
  run.put(".certificates/key.h5", "secret");
  run.put("config.yaml", "souk: 1");
  run.folder.write("unhashed.h5", "rows");
  run.put("empty.h5", "");
  const auto* entry =
    GENERATE("../outside.h5", "/etc/passwd", "/etc/x.h5", "baselines/../../x.h5",
             ".certificates/key.h5", "config.yaml", "missing.h5", "unhashed.h5",
             "empty.h5", "", ".", "baselines");
  CAPTURE(entry);
  const auto answer = run.open(entry);
  REQUIRE(std::holds_alternative<caf::error>(answer));
  CHECK(std::get<caf::error>(answer) == core::errc::failed);
}
