#include "tests/scenarios/node_cluster.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

// Three hosts made of network namespaces: what happens between machines happens here
// between kernels' network stacks, cables included.

using namespace souk;
using namespace souk::tests;
using Catch::Matchers::Contains;

namespace {

using std::chrono::seconds;

/// A training that takes a few seconds between hosts.
std::vector<std::string> training() {
  return {"training.epochs=200",
          "training.validate.patience=never",
          "training.validate.every_epochs=20",
          "simulation=null",
          "cluster.trainers=3",
          "cluster.parameter_servers=2",
          "cluster.data_shards=2"};
}

/// The hosts, or nothing, which the test says.
std::optional<host_network> three_hosts() {
  std::string why_not;
  auto made = host_network::make(3, why_not);
  if (!made)
    WARN("skipped: " << why_not);
  return made;
}

void check_steps(const small_experiment& experiment, const std::string& name) {
  const auto steps = experiment.recorded_steps(name);
  REQUIRE_FALSE(steps.empty());
  for (std::size_t i = 0; i < steps.size(); ++i)
    REQUIRE(steps[i] == i + 1);
}

void check_same(const small_experiment& experiment, const std::string& name) {
  for (const auto* digest : {"dataset", "model", "sessions", "results"})
    CHECK(experiment.digest(name, digest) == experiment.digest("whole", digest));
  check_steps(experiment, name);
}

} // namespace

SCENARIO("a run on three hosts has the numbers of one on a single machine",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  REQUIRE(experiment.run("whole").exit_code == 0);
  // One node has two slots, and none of them sees the run's directory.
  node_cluster cluster{experiment, *hosts, {2, 1}};
  for (const auto* name : {"first", "second"}) {
    INFO("nodes serve one run after the other: " << name);
    const auto end = cluster.run(name, {"cluster.trainers=2"})->wait();
    INFO(end.err);
    REQUIRE(end.exit_code == 0);
    check_same(experiment, name);
    CHECK_THAT(end.err, Contains(hosts->address(2)));
  }
  CHECK_THAT(cluster.node(0).said(), Contains("fetching dataset.h5"));
}

SCENARIO(
  "a run on three hosts is asked from a node's host, with the node's certificate",
  "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto run = cluster.run("asked", training());
  REQUIRE(experiment.wait_for_checkpoint("asked", *run));
  const auto certificates = experiment.folder() / "certificates/node0";
  const auto ask = [&](std::size_t host, const std::string& place,
                       const std::string& folder) {
    return souk_process{{"status", place, "--certificates", folder}, hosts->on(host)}
      .wait();
  };
  const auto outside = hosts->address(0) + ":7402";
  const auto told = ask(1, outside, certificates);
  INFO(told.err);
  CHECK(told.exit_code == 0);
  CHECK_THAT(told.out, Contains("training mult_vae") && Contains(hosts->address(1)));
  // The same certificate is not good for another host.
  const auto refused = ask(2, outside, certificates);
  CHECK(refused.exit_code == 1);
  CHECK(refused.out.empty());
  // On the leader's machine the run's folder is enough.
  const auto here =
    souk_process{{"status", experiment.in("asked", "")}, hosts->on(0)}.wait();
  INFO(here.err);
  CHECK(here.exit_code == 0);
  CHECK(run->running());
}

SCENARIO("a run on three hosts ends as if no slot had died and no cable been pulled",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training()).exit_code == 0);
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto run = cluster.run("hurt", training());
  REQUIRE(experiment.wait_for_checkpoint("hurt", *run));
  const auto slots = cluster.node(0).children();
  REQUIRE(slots.size() == 1);
  kill(slots[0], SIGKILL);
  std::this_thread::sleep_for(seconds{1});
  hosts->cut(2);
  std::this_thread::sleep_for(seconds{5});
  hosts->heal(2);
  const auto end = run->wait();
  INFO(end.err);
  REQUIRE(end.exit_code == 0);
  check_same(experiment, "hurt");
  CHECK_THAT(end.err, Contains("takes part"));
}

SCENARIO("a run survives a host that swallows what it would send",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  // To the coordinator, or to the other node only.
  const std::size_t other = GENERATE(0, 1);
  CAPTURE(other);
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training()).exit_code == 0);
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto run = cluster.run("swallowed", training());
  REQUIRE(experiment.wait_for_checkpoint("swallowed", *run));
  hosts->swallow(2, other);
  const auto end = run->wait();
  INFO(end.err);
  REQUIRE(end.exit_code == 0);
  check_same(experiment, "swallowed");
  CHECK_THAT(end.err, Contains(hosts->address(2)) && Contains("going on with"));
}

SCENARIO("nodes wait while the coordinator is dead, and go on when it is back",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training()).exit_code == 0);
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto run = cluster.run("killed", training());
  REQUIRE(experiment.wait_for_checkpoint("killed", *run));
  run->signal(SIGKILL);
  run->wait();
  std::this_thread::sleep_for(seconds{1});
  CHECK(cluster.node(0).running());
  const auto end = cluster.run("killed", training(), {"--resume"})->wait();
  INFO(end.err);
  REQUIRE(end.exit_code == 0);
  check_same(experiment, "killed");
}

SCENARIO("a slot that is frozen for good is no slot that a run waits for",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  REQUIRE(experiment.run("whole", training()).exit_code == 0);
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto run = cluster.run("frozen", training());
  REQUIRE(experiment.wait_for_checkpoint("frozen", *run));
  const auto slots = cluster.node(0).children();
  REQUIRE(slots.size() == 1);
  kill(slots[0], SIGSTOP);
  run->signal(SIGKILL);
  run->wait();
  // It wants every slot to begin with.
  const auto again = cluster.run("frozen", training(), {"--resume"});
  const auto has_ended = again->ends_within(seconds{60});
  INFO(again->said());
  REQUIRE(has_ended);
  CHECK(again->wait().exit_code == 0);
  CHECK_THAT(cluster.node(0).said(), Contains("stays stopped"));
  check_same(experiment, "frozen");
}

SCENARIO("a node that a run does not name serves the next one that does",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  REQUIRE(experiment.run("whole").exit_code == 0);
  node_cluster cluster{experiment, *hosts, {1, 1}};
  const auto both = bytes_of(experiment.folder() / "nodes.yaml");
  const auto second = both.find("  " + hosts->address(2));
  REQUIRE(second != std::string::npos);
  experiment.folder().write("nodes.yaml", both.substr(0, second));
  const auto without = cluster.run("without", {"cluster.trainers=2"})->wait();
  INFO(without.err);
  CHECK(without.exit_code == 0);
  CHECK_THAT(without.err, Contains("names no node at " + hosts->address(2)));
  CHECK(cluster.node(1).running());
  experiment.folder().write("nodes.yaml", both);
  const auto with = cluster.run("with", {"cluster.trainers=2"})->wait();
  INFO(with.err);
  CHECK(with.exit_code == 0);
  CHECK_THAT(with.err, Contains(hosts->address(2)));
  check_same(experiment, "with");
}

SCENARIO("a node of another numeric platform is turned away with the reason",
         "[scenarios][three_hosts]") {
  const auto hosts = three_hosts();
  if (!hosts)
    return;
  const small_experiment experiment;
  node_cluster cluster{experiment, *hosts, {1, 0}};
  const auto& folder = experiment.folder();
  souk_process odd{{hosts->address(0) + ":7400", hosts->address(2) + ":7500",
                    folder / "certificates/node1", folder / "odd"},
                   hosts->on(2),
                   SOUK_ODD_NODE};
  const auto end = cluster.run("refused", {"cluster.trainers=2"})->wait();
  CHECK(end.exit_code == 2);
  CHECK_THAT(end.err, Contains(hosts->address(2)) && Contains("platform differs")
                        && Contains("abacus"));
  const auto refused = odd.wait();
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err,
             Contains("turned this process away") && Contains("platform differs"));
}
