#include "data/session_log.hpp"
#include "data/user_rows_file.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

using namespace souk;
using namespace souk::tests;

namespace {

namespace fs = std::filesystem;

const std::string learning_policies{
  "simulation.policies=[mult_vae, {kind: mult_vae, name: daily, retrain_every: 1d}, "
  "{kind: epsilon_greedy, of: ease, name: ease_daily, retrain_every: 1d}]"};

std::vector<std::string> with(std::vector<std::string> more) {
  std::vector<std::string> all{"baselines=[ease]", "evaluation=null",
                               learning_policies};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

const std::vector<std::string> spread{"cluster.processes=3", "cluster.trainers=3",
                                      "cluster.parameter_servers=2",
                                      "cluster.data_shards=2"};

/// More epochs in each training, so that it can be killed meanwhile.
std::vector<std::string> slow(std::vector<std::string> more) {
  more.emplace_back("simulation.days=6");
  more.emplace_back("simulation.worlds=1");
  more.emplace_back("training.epochs=30");
  more.emplace_back("training.validate.patience=never");
  return with(std::move(more));
}

std::string rows_of(const small_experiment& experiment,
                    const std::string& run,
                    const std::string& version) {
  return bytes_of(experiment.in(run, "retraining/" + version + "/rows.h5.sha256"));
}

} // namespace

SCENARIO("what is learnt in the loop has one digest on every cluster shape",
         "[scenarios][retraining]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("alone", with({})).exit_code == 0);
  const auto together = experiment.run("together", with(spread));
  INFO(together.err);
  REQUIRE(together.exit_code == 0);
  for (const auto* kind : {"sessions", "results"})
    CHECK(experiment.digest("together", kind) == experiment.digest("alone", kind));

  // It makes a difference, and rows say how often.
  const auto never = experiment.run(
    "never", with({"simulation.policies=[mult_vae, {kind: mult_vae, name: daily}, "
                   "{kind: epsilon_greedy, of: ease, name: ease_daily}]"}));
  REQUIRE(never.exit_code == 0);
  CHECK(experiment.digest("never", "sessions")
        != experiment.digest("alone", "sessions"));
  const auto results = bytes_of(experiment.in("alone", "results.json"));
  CHECK(results.find("\"retrainings\"") != std::string::npos);
  CHECK(results.find("\"retraining_seconds\"") != std::string::npos);
  // Rows stay, models do not.
  CHECK(fs::exists(experiment.in("alone", "retraining/daily/1/2/rows.h5")));
  CHECK_FALSE(fs::exists(experiment.in("alone", "retraining/daily/1/3")));
  CHECK_FALSE(fs::exists(experiment.in("alone", "retraining/daily/1/2/model.h5")));
}

SCENARIO("an arm learns from its own shoppers in its own world only",
         "[scenarios][retraining]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("three", with({})).exit_code == 0);
  const auto log = data::read_session_log(experiment.in("three", "sessions"));
  for (std::uint16_t world = 0; world < 2; ++world)
    for (std::uint16_t policy = 1; policy <= 2; ++policy)
      for (std::uint32_t day = 1; day <= 2; ++day) {
        const auto name = log.tables.policies.at(policy) + "/" + std::to_string(world)
                          + "/" + std::to_string(day);
        INFO(name);
        std::set<std::pair<core::user_id, core::item_id>> own;
        for (const auto& record : log.records) // what is opened at midnight is read on
          if (record.policy == policy && record.world == world
              && record.kind != core::event_kind::impression
              && record.time < day * core::day_ms + core::hour_ms)
            own.insert({record.user, record.item});
        const auto learnt = data::read_user_rows(
          experiment.in("three", "retraining/" + name + "/rows.h5"));
        CHECK(learnt.users.size() > 0);
        for (std::size_t row = 0; row < learnt.users.size(); ++row)
          for (const auto item : learnt.rows.row(row))
            CHECK(own.count({learnt.users[row], item}) == 1);
      }

  // Nobody else's presence changes it.
  REQUIRE(experiment
            .run("one", with({"simulation.policies=[reference, {kind: mult_vae, name: "
                              "daily, retrain_every: 1d}]",
                              "simulation.worlds=1"}))
            .exit_code
          == 0);
  for (const auto* version : {"daily/0/1", "daily/0/2"})
    CHECK(rows_of(experiment, "one", version) == rows_of(experiment, "three", version));
  CHECK(rows_of(experiment, "three", "daily/0/2")
        != rows_of(experiment, "three", "daily/1/2"));
  CHECK(rows_of(experiment, "three", "daily/0/2")
        != rows_of(experiment, "three", "ease_daily/0/2"));
}

SCENARIO("a shop that learns survives the death of its processes",
         "[scenarios][retraining]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", slow({})).exit_code == 0);
  const auto sessions = experiment.digest("whole", "sessions");

  // One of the run's processes, while it learns for the third time.
  {
    souk_process run{experiment.arguments("killed", slow(spread))};
    REQUIRE(experiment.wait_for("killed", "retraining/daily/0/3/rows.h5", run));
    const auto children = run.children();
    REQUIRE(children.size() == 2);
    kill(children.front(), SIGKILL);
    const auto end = run.wait();
    INFO(end.err);
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("was killed by signal 9") != std::string::npos);
    CHECK(experiment.digest("killed", "sessions") == sessions);
  }
  // The run itself.
  {
    souk_process run{experiment.arguments("resumed", slow({}))};
    REQUIRE(experiment.wait_for("resumed", "retraining/daily/0/3/rows.h5", run));
    run.signal(SIGKILL);
  }
  const auto kept = experiment.in("resumed", "retraining/daily/0/1/model.h5");
  REQUIRE(fs::exists(kept));
  const auto resumed = experiment.run("resumed", slow(spread), {"--resume"});
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(experiment.digest("resumed", "sessions") == sessions);
  CHECK(experiment.digest("resumed", "results")
        == experiment.digest("whole", "results"));
}

SCENARIO("arms that share a world's users out learn from their own",
         "[scenarios][retraining]") {
  const small_experiment experiment;
  const std::vector<std::string> split{"simulation.design=ab",
                                       "simulation.population.users=90"};
  auto wide = split;
  wide.insert(wide.end(), spread.begin(), spread.end());
  REQUIRE(experiment.run("alone", with(split)).exit_code == 0);
  const auto together = experiment.run("together", with(wide));
  INFO(together.err);
  REQUIRE(together.exit_code == 0);
  for (const auto* kind : {"sessions", "results"})
    CHECK(experiment.digest("together", kind) == experiment.digest("alone", kind));

  const auto log = data::read_session_log(experiment.in("alone", "sessions"));
  std::map<std::pair<std::uint16_t, core::user_id>, std::set<std::uint16_t>> served_by;
  for (const auto& record : log.records)
    served_by[{record.world, record.user}].insert(record.policy);
  std::map<std::uint16_t, std::size_t> users;
  for (const auto& [who, policies] : served_by) {
    REQUIRE(policies.size() == 1);
    ++users[*policies.begin()];
  }
  CHECK(users.size() == 3);
  for (std::uint16_t world = 0; world < 2; ++world) {
    const auto learnt = data::read_user_rows(experiment.in(
      "alone", "retraining/daily/" + std::to_string(world) + "/2/rows.h5"));
    CHECK_FALSE(learnt.users.empty());
    for (const auto user : learnt.users)
      CHECK(served_by.at({world, user}) == std::set<std::uint16_t>{1});
  }
}
