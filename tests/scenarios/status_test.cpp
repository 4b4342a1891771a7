#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <thread>

using namespace souk::tests;

namespace {

/// A training that is stopped by the test.
std::vector<std::string> endless(const std::string& processes) {
  return {"training.epochs=100000",
          "training.validate.patience=never",
          "training.validate.every_epochs=20",
          "simulation=null",
          "cluster.processes=" + processes,
          "cluster.trainers=2",
          "cluster.parameter_servers=2"};
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/// What a status says of a role; nothing yet: 0.
double
counter(const std::string& told, const std::string& role, const std::string& name) {
  const std::regex pattern{"\"role\": \"" + role + "\"[^}]*\"" + name
                           + "\": ([0-9.e+-]+)"};
  std::smatch found;
  return std::regex_search(told, found, pattern) ? std::stod(found[1].str()) : 0.0;
}

/// Asks until a question about the status has an answer that holds.
template <class Predicate>
std::string ask_until(const std::string& folder, const Predicate& holds) {
  std::string told;
  for (int i = 0; i < 100 && !holds(told); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    told = run_souk({"status", folder, "--json"}).out;
  }
  return told;
}

} // namespace

SCENARIO("a run says what it is doing while it runs", "[scenarios][status]") {
  const small_experiment experiment;
  for (const std::string processes : {"1", "3"}) {
    INFO(processes << " processes");
    const auto folder = experiment.in("asked" + processes, "");
    souk_process run{experiment.arguments("asked" + processes, endless(processes))};
    REQUIRE(experiment.wait_for("asked" + processes, ".status", run));
    const auto told = ask_until(folder, [](const std::string& json) {
      return counter(json, "trainer 0", "compute_seconds") > 0
             && counter(json, "parameter_server 0", "apply_seconds") > 0
             && json.find("\"checkpoints_written\": 0,") == std::string::npos;
    });
    INFO(told);
    CHECK(counter(told, "trainer 0", "compute_seconds") > 0);
    CHECK(counter(told, "parameter_server 0", "apply_seconds") > 0);
    // In one process nothing travels.
    CHECK((counter(told, "trainer 1", "bytes_received") > 0) == (processes == "3"));
    CHECK(told.find("\"task\": \"training mult_vae\"") != std::string::npos);
    CHECK(told.find("\"total\": 300000") != std::string::npos);
    CHECK(told.find("\"seconds_left\": null") == std::string::npos);
    CHECK(told.find("\"generation\": 1,") != std::string::npos);
    CHECK(times(told, "\"role\": \"trainer ") == 2);
    CHECK(times(told, "\"role\": \"parameter_server ") == 2);
    CHECK(times(told, "\"role\": \"data_shard 0\"") == 1);
    const auto text = run_souk({"status", folder});
    CHECK(text.exit_code == 0);
    CHECK(text.out.find("training mult_vae: ") != std::string::npos);
    CHECK(
      text.out.find("process " + std::string{processes == "1" ? "0" : "1"} + " (pid")
      != std::string::npos);
    run.signal(SIGINT);
    CHECK(run.wait().exit_code == 130);
    const auto over = run_souk({"status", folder});
    CHECK(over.exit_code == 1);
    CHECK(over.err.find("cannot be asked") != std::string::npos);
    CHECK(over.out.empty());
  }
}

SCENARIO("a role that was started anew says so", "[scenarios][status]") {
  const small_experiment experiment;
  souk_process run{experiment.arguments("mended", endless("2"))};
  REQUIRE(experiment.wait_for_checkpoint("mended", run));
  const auto children = run.children();
  REQUIRE_FALSE(children.empty());
  kill(children.front(), SIGKILL);
  const auto told = ask_until(experiment.in("mended", ""), [](const std::string& json) {
    return json.find("\"restarts\": 1") != std::string::npos;
  });
  INFO(told);
  CHECK(told.find("\"restarts\": 1") != std::string::npos);
  CHECK(told.find("\"generation\": 1,") == std::string::npos);
}

SCENARIO("only who has a run's credentials may ask it", "[scenarios][status]") {
  const small_experiment experiment;
  souk_process one{experiment.arguments("one", endless("1"))};
  souk_process other{experiment.arguments("other", endless("1"))};
  REQUIRE(experiment.wait_for("one", ".status", one));
  REQUIRE(experiment.wait_for("other", ".status", other));
  auto address = bytes_of(experiment.in("one", ".status"));
  address.pop_back(); // the end of the line
  const auto own = run_souk(
    {"status", address, "--certificates", experiment.in("one", ".certificates")});
  INFO(own.err);
  CHECK(own.exit_code == 0);
  const auto stranger = run_souk(
    {"status", address, "--certificates", experiment.in("other", ".certificates")});
  INFO(stranger.err);
  CHECK(stranger.exit_code == 1);
  CHECK(stranger.err.find(address) != std::string::npos);
  CHECK(stranger.out.empty());
  const auto nobody = run_souk({"status", address});
  CHECK(nobody.exit_code == 2);
  CHECK(nobody.err.find("--certificates") != std::string::npos);
  // Neither was disturbed by it.
  CHECK(one.running());
  CHECK(run_souk({"status", experiment.in("one", "")}).exit_code == 0);
}

SCENARIO("a run that was killed cannot be asked", "[scenarios][status]") {
  const small_experiment experiment;
  souk_process run{experiment.arguments("killed", endless("1"))};
  REQUIRE(experiment.wait_for("killed", ".status", run));
  run.signal(SIGKILL);
  run.wait();
  const auto asked = run_souk({"status", experiment.in("killed", "")});
  CHECK(asked.exit_code == 1);
  CHECK(asked.err.find("check that it still runs") != std::string::npos);
}
