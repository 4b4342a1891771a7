#include "experiments/run_directory.hpp"

#include "core/digest.hpp"
#include "experiments/atomic_file.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/working_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;
using souk::tests::working_directory;

namespace fs = std::filesystem;

namespace {

const std::string config = "name: sample  # a.yaml:1\nseed: 7  # a.yaml:2\n"
                           "cluster:\n  trainers: 1  # default\n";

run_directory_options into(const std::string& out, bool resume = false) {
  return {"sample", out, resume, config};
}

} // namespace

TEST_CASE("a run without --out gets a folder of its own",
          "[experiments][run_directory]") {
  const scratch_folder folder;
  const working_directory inside{folder / ""};
  const auto first = run_directory::open(into(""));
  const auto second = run_directory::open(into(""));
  CHECK(first.path() != second.path());
  CHECK(first.path().find("runs/sample-2") == 0);
  CHECK(first.path().size() == std::string{"runs/sample-20260101T120000Z"}.size());
  CHECK(read_file(first / "config.yaml") == config);
}

TEST_CASE("a name cannot lead out of runs/", "[experiments][run_directory]") {
  const scratch_folder folder;
  const working_directory inside{folder / ""};
  auto options = into("");
  options.name = "../../away";
  CHECK(run_directory::open(options).path().find("runs/run.._.._away-") == 0);
}

SCENARIO("a run's folder is not overwritten", "[experiments][run_directory]") {
  GIVEN("a folder that a run has begun in") {
    const scratch_folder folder;
    const auto out = folder / "out";
    { const auto made = run_directory::open(into(out)); }
    WHEN("it is named again without --resume") {
      THEN("the request is refused and says how to go on") {
        CHECK_THAT(refusal_of([&] { run_directory::open(into(out)); }),
                   Contains(out + ": exists already") && Contains("--resume"));
      }
    }
    WHEN("it is named with --resume and the same experiment") {
      THEN("it is taken up") {
        CHECK(run_directory::open(into(out, true)).path() == out);
      }
    }
    WHEN("only the cluster differs") {
      auto options = into(out, true);
      options.resolved.replace(options.resolved.find("trainers: 1"), 11, "trainers: 4");
      THEN("it is taken up, and its file says the new shape") {
        const auto resumed = run_directory::open(options);
        CHECK(read_file(resumed / "config.yaml") == options.resolved);
      }
    }
    WHEN("the experiment differs") {
      auto options = into(out, true);
      options.resolved.replace(options.resolved.find("seed: 7"), 7, "seed: 8");
      THEN("the request is refused by the first key that differs") {
        CHECK_THAT(refusal_of([&] { run_directory::open(options); }),
                   Contains("another experiment (seed: 7 there, 8 here)"));
        CHECK(read_file(out + "/config.yaml") == config);
      }
    }
  }
}

TEST_CASE("--resume starts afresh where there is nothing to resume",
          "[experiments][run_directory]") {
  const scratch_folder folder;
  CHECK_FALSE(run_directory::open(into(folder / "missing/deep", true)).saved());
  fs::create_directory(folder / "empty");
  CHECK_FALSE(run_directory::open(into(folder / "empty", true)).saved());
  CHECK_NOTHROW(run_directory::open(into(folder / "fresh")));
  fs::create_directory(folder / "prepared");
  CHECK_NOTHROW(run_directory::open(into(folder / "prepared")));
}

TEST_CASE("what a killed writer left behind does not count",
          "[experiments][run_directory]") {
  const scratch_folder folder;
  const auto leftover = folder.write("out/.config.yaml.123.partial", "half");
  CHECK_NOTHROW(run_directory::open(into(folder / "out")));
  CHECK_FALSE(fs::exists(leftover));
}

TEST_CASE("a folder that is no run's is left alone", "[experiments][run_directory]") {
  const scratch_folder folder;
  const auto file = folder.write("mine/thesis.tex", "years of work");
  CHECK_THAT(refusal_of([&] { run_directory::open(into(folder / "mine", true)); }),
             Contains("is not empty and no run's folder"));
  CHECK_THAT(refusal_of([&] { run_directory::open(into(file)); }),
             Contains("is a file"));
  CHECK(read_file(file) == "years of work");
  CHECK_FALSE(fs::exists(folder / "mine/config.yaml"));
}

TEST_CASE("two processes cannot work in one folder", "[experiments][run_directory]") {
  const scratch_folder folder;
  {
    const auto held = run_directory::open(into(folder / "out"));
    CHECK_THAT(refusal_of([&] { run_directory::open(into(folder / "out", true)); }),
               Contains("another souk works in this folder"));
  }
  CHECK_NOTHROW(run_directory::open(into(folder / "out", true)));
}

SCENARIO("finished stages are remembered with what they wrote",
         "[experiments][run_directory]") {
  GIVEN("a run that finished training") {
    const scratch_folder folder;
    const auto out = folder / "out";
    {
      auto directory = run_directory::open(into(out));
      CHECK_FALSE(directory.finished("train"));
      auto record = begin_manifest("sample", 7, core::core_platform());
      write_file_atomically(directory / "model.h5", "weights");
      record.digests["model"] = "abc";
      directory.mark_finished(record, "train", 1.5, {"model.h5"});
      CHECK(directory.finished("train"));
    }
    WHEN("it is resumed") {
      const auto resumed = run_directory::open(into(out, true));
      THEN("the stage is finished, and its digests and hashes are there") {
        CHECK(resumed.finished("train"));
        CHECK_FALSE(resumed.finished("evaluate"));
        REQUIRE(resumed.saved());
        CHECK(resumed.saved()->digests.at("model") == "abc");
        CHECK(resumed.saved()->files.at("model.h5") == core::sha256_of("weights"));
      }
    }
    WHEN("a file of it is damaged") {
      folder.write("out/model.h5", "weightz");
      THEN("it is found out before the file is used") {
        const auto record = read_manifest(out);
        CHECK_THAT(failure_of([&] { check_file(record, out, "model.h5"); }),
                   Contains("out/model.h5: is damaged"));
        CHECK_NOTHROW(check_file(record, out, "report.html"));
      }
    }
  }
}

TEST_CASE("a folder without a manifest is no run", "[experiments][run_directory]") {
  const scratch_folder folder;
  CHECK_THAT(refusal_of([&] { read_manifest(folder / "none"); }),
             Contains("is no run's folder"));
  folder.write("begun/config.yaml", "souk: 1");
  CHECK_THAT(refusal_of([&] { read_manifest(folder / "begun"); }),
             Contains("has not come so far") && Contains("--resume"));
}
