#include "experiments/behaviour_source.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace souk;
using namespace souk::experiments;

namespace {

namespace fs = std::filesystem;

/// A folder that is gone with it.
class folder {
public:
  folder() : path_{fs::temp_directory_path() / "souk_behaviour_source_test"} {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }

  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  ~folder() {
    fs::remove_all(path_);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = (path_ / name).string();
    std::ofstream{path} << text;
    return path;
  }

private:
  fs::path path_;
};

core::silent_progress silence;

std::string csv_block(const std::string& path) {
  return "source:\n  kind: csv\n  path: " + path
         + "\n  columns: {user: who, item: what, time: when, event: did}\n";
}

constexpr const char* rows = "who,what,when,did\n"
                             "a,x,2024-01-01 10:00:00,view\n"
                             "a,x,2024-01-01 10:01:00,purchase\n"
                             "b,y,2024-01-02 09:00:00,view\n";

} // namespace

TEST_CASE("a block of data is a log, with the users that models would not see",
          "[experiments][realism]") {
  const folder here;
  const auto block = here.write("block.yaml", csv_block(here.write("log.csv", rows)));
  const auto log = read_behaviour(block, "", silence);
  REQUIRE(log.events.size() == 3);
  CHECK(log.has_times);
  CHECK(eval::realism::weekday_of(log.first_time()) == 0);
  CHECK(eval::realism::hour_of(log.first_time()) == 10);
}

TEST_CASE("a simulated source begins on its weekday", "[experiments][realism]") {
  const folder here;
  const auto block = here.write(
    "shop.yaml", "source: {kind: simulated, items: 50, users: 50, days: 10}\n");
  const auto log = read_behaviour(block, "", silence);
  CHECK(log.events.size() > 50);
  CHECK(log.first_time() >= eval::realism::shift_to_weekday(0));
  CHECK(log.first_time() < eval::realism::shift_to_weekday(0) + core::day_ms);
}

TEST_CASE("what is no log is refused", "[experiments][realism]") {
  const folder here;
  CHECK_THROWS_AS(read_behaviour(here.write("a.txt", "a"), "", silence), core::error);
  CHECK_THROWS_AS(read_behaviour("no/such/folder", "", silence), core::error);
  CHECK_THROWS_AS(read_behaviour(fs::temp_directory_path().string(), "", silence),
                  core::error);
  CHECK_THROWS_AS(
    read_behaviour(here.write("b.yaml", "source: {kind: none}\n"), "", silence),
    core::error);
}
