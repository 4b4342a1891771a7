#include "experiments/command_line.hpp"

#include "core/platform.hpp"
#include "tests/experiments/refusals.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

command parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "souk");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

std::string refused(const std::vector<const char*>& words) {
  const auto said = refusal_of([&words] { parsed(words); });
  CHECK(said.find('\n') == std::string::npos);
  CHECK_FALSE(said.empty());
  return said;
}

} // namespace

TEST_CASE("a run is a file, overrides and a folder", "[experiments][command_line]") {
  const auto asked =
    parsed({"run", "a.yaml", "-s", "x.y=1", "--set", "model.hidden=[1, 2]", "-s",
            "l2=-1", "--out", "runs/a", "--resume", "--quiet"});
  CHECK(asked.what == verb::run);
  CHECK(asked.files == std::vector<std::string>{"a.yaml"});
  CHECK(asked.overrides
        == std::vector<std::string>{"x.y=1", "model.hidden=[1, 2]", "l2=-1"});
  CHECK(asked.out == "runs/a");
  CHECK(asked.resume);
  CHECK(asked.quiet);
  CHECK_FALSE(asked.json);
}

TEST_CASE("flags may stand before and after the file", "[experiments][command_line]") {
  CHECK(parsed({"check", "-s", "a=1", "a.yaml", "--json"}).files
        == std::vector<std::string>{"a.yaml"});
  CHECK(parsed({"run", "--set=a=b", "a.yaml"}).overrides
        == std::vector<std::string>{"a=b"});
}

TEST_CASE("an environment is served from a file", "[experiments][command_line]") {
  const auto plain = parsed({"environment", "a.yaml"});
  CHECK(plain.what == verb::environment);
  CHECK(plain.environment.reward == "clicks");
  CHECK_FALSE(plain.environment.port);
  CHECK_FALSE(plain.environment.reveal_truth);
  const auto asked = parsed({"environment", "a.yaml", "-s", "seed=1", "--port", "0",
                             "--users", "7", "--world", "4294967294", "--reward",
                             "revenue", "--tick", "1h", "--reveal-truth"});
  CHECK(asked.overrides == std::vector<std::string>{"seed=1"});
  CHECK(asked.environment.port == std::uint16_t{0});
  CHECK(asked.environment.users == 7);
  CHECK(asked.environment.world == 4294967294U);
  CHECK(asked.environment.reward == "revenue");
  CHECK(asked.environment.tick == "1h");
  CHECK(asked.environment.reveal_truth);
  CHECK_FALSE(refused({"environment", "a.yaml", "--port", "65536"}).empty());
  CHECK_FALSE(refused({"environment", "a.yaml", "--world", "4294967295"}).empty());
}

TEST_CASE("a replay is of a log against a run's model", "[experiments][command_line]") {
  const auto plain = parsed({"replay", "a.yaml", "--model", "runs/a"});
  CHECK(plain.what == verb::replay);
  CHECK(plain.files == std::vector<std::string>{"a.yaml"});
  CHECK(plain.replay.model == "runs/a");
  CHECK(plain.replay.history == "all");
  CHECK_FALSE(plain.replay.speed.has_value());
  CHECK(plain.replay.cutoffs == std::vector<std::uint32_t>{10, 20});
  const auto asked =
    parsed({"replay",    "--cutoffs", "5,50",      "a.h5",  "--model", "runs/a:ease",
            "--history", "session",   "--repeats", "judge", "--judge", "all",
            "--speed",   "0.5",       "--shards",  "3",     "--batch", "7",
            "--json",    "rows.json", "--out",     "x"});
  CHECK(asked.files == std::vector<std::string>{"a.h5"});
  CHECK(asked.replay.cutoffs == std::vector<std::uint32_t>{5, 50});
  CHECK(asked.replay.history == "session");
  CHECK(asked.replay.repeats == "judge");
  CHECK(asked.replay.judge == "all");
  CHECK(asked.replay.speed == 0.5);
  CHECK(asked.replay.shards == 3);
  CHECK(asked.replay.batch == 7);
  CHECK(asked.replay.json == "rows.json");
  CHECK(asked.out == "x");
  CHECK_THAT(refused({"replay", "a.yaml"}), Contains("--model"));
  CHECK_THAT(refused({"replay", "--model", "x"}), Contains("LOG"));
  CHECK_THAT(refused({"replay", "a.yaml", "--model", "x", "--history", "none"}),
             Contains("--history"));
  CHECK_THAT(refused({"replay", "a.yaml", "--model", "x", "--shards", "0"}),
             Contains("--shards"));
  CHECK_THAT(refused({"replay", "a.yaml", "--model", "x", "--speed", "fast"}),
             Contains("--speed"));
}

TEST_CASE("a plan is for a cluster", "[experiments][command_line]") {
  const auto asked = parsed({"plan", "a.yaml", "--nodes", "2..8", "--bandwidth", "1GB",
                             "--latency", "50us", "--profile", "x", "--profile", "y",
                             "--cores", "4", "--machines", "2", "-s", "a=1"});
  CHECK(asked.what == verb::plan);
  CHECK(asked.plan.nodes == "2..8");
  CHECK(asked.plan.bandwidth == "1GB");
  CHECK(asked.plan.latency == "50us");
  CHECK(asked.plan.profiles == std::vector<std::string>{"x", "y"});
  CHECK(asked.plan.cores == 4);
  CHECK(asked.plan.machines == 2);
  CHECK_THAT(refused({"plan", "a.yaml", "--nodes", "2..8", "--latency", "50us"}),
             Contains("--bandwidth"));
  CHECK_THAT(refused({"plan", "a.yaml", "--nodes", "2", "--bandwidth", "1GB",
                      "--latency", "0", "--cores", "0"}),
             Contains("--cores"));
}

TEST_CASE("every verb has what it needs", "[experiments][command_line]") {
  for (const auto* name : {"run", "import", "train", "evaluate", "simulate", "check",
                           "report", "reproduce", "inspect", "status"}) {
    INFO(name);
    CHECK(parsed({name, "something"}).files.size() == 1);
    CHECK_THAT(refused({name}), Contains("required") && Contains("--help"));
    CHECK_THAT(refused({name, "one", "two"}), Contains("too many arguments: two"));
  }
  CHECK(parsed({"compare", "a", "b", "c"}).files.size() == 3);
  refused({"compare", "a"});
  const auto status = parsed({"status", "127.0.0.1:4242", "--certificates", "dir"});
  CHECK(status.what == verb::status);
  CHECK(status.files == std::vector<std::string>{"127.0.0.1:4242"});
  CHECK(status.certificates == "dir");
  CHECK(parsed({"status", "runs/x", "--json"}).json);
  const auto made =
    parsed({"certificates", "dir", "--coordinator", "10.0.0.1", "--node", "a=10.0.0.2",
            "--node", "b=10.0.0.3,fd00::3", "--days", "30"});
  CHECK(made.what == verb::certificates);
  CHECK(made.files == std::vector<std::string>{"dir"});
  CHECK(made.coordinator == "10.0.0.1");
  CHECK(made.nodes == std::vector<std::string>{"a=10.0.0.2", "b=10.0.0.3,fd00::3"});
  CHECK(made.days == 30);
  CHECK(parsed({"certificates", "dir"}).days == 365);
  const auto asked = parsed({"node", "--join", "10.0.0.1:7400", "--listen",
                             "10.0.0.2:7400", "--slots", "2", "--certificates", "dir"});
  CHECK(asked.what == verb::node);
  CHECK(to_string(asked.node.join) == "10.0.0.1:7400");
  CHECK(to_string(asked.node.listen) == "10.0.0.2:7400");
  CHECK(asked.node.slots == 2);
  CHECK(asked.node.certificates == "dir");
  CHECK_THAT(refused({"node", "--join", "70000", "--certificates", "dir"}),
             Contains("souk node --join: is no address: 70000"));
  refused({"node", "--join", "10.0.0.1:7400", "--certificates", "dir", "--slots", "0"});
  CHECK(parsed({"run", "x.yaml", "--cluster", "nodes.yaml"}).cluster == "nodes.yaml");
}

TEST_CASE("an unknown verb is answered with the nearest",
          "[experiments][command_line]") {
  CHECK_THAT(refused({"rnu", "a.yaml"}),
             Contains("unknown verb \"rnu\"; did you mean \"run\"?"));
  CHECK_THAT(refused({"serve"}), Contains("unknown verb") && Contains("run, import"));
  CHECK_THAT(refused({}), Contains("a verb is missing"));
}

TEST_CASE("an unknown flag is answered with the nearest",
          "[experiments][command_line]") {
  CHECK_THAT(refused({"run", "a.yaml", "--resum"}),
             Contains("souk run: unknown flag --resum; did you mean --resume?"));
  CHECK_THAT(refused({"run", "a.yaml", "--otu=x"}), Contains("did you mean --out?"));
  CHECK_THAT(refused({"run", "a.yaml", "--frobnicate"}), Contains("souk run --help"));
  CHECK_THAT(refused({"--frobnicate"}), Contains("unknown flag --frobnicate"));
  CHECK_THAT(refused({"run", "a.yaml", "--out"}), Contains("--out"));
}

TEST_CASE("a share of a log's time is a number", "[experiments][command_line]") {
  for (const auto* share : {"nan", "0", "1.5", "half"})
    for (const auto* flag : {"--early", "--later"}) {
      INFO(flag << ' ' << share);
      CHECK_THAT(refused({"realism", "a", "--against", "b", flag, share}),
                 Catch::Contains("no share from 0.01 to 1"));
    }
}

TEST_CASE("--resume without a folder is refused", "[experiments][command_line]") {
  CHECK_THAT(refused({"run", "a.yaml", "--resume"}), Contains("add --out DIR"));
}

TEST_CASE("help and version are text for stdout", "[experiments][command_line]") {
  const auto help = parsed({"--help"});
  CHECK(help.what == verb::say);
  CHECK_THAT(help.text,
             Contains("run") && Contains("simulate") && Contains("Exit codes"));
  CHECK_THAT(parsed({"run", "--help"}).text, Contains("Usage: souk run")
                                               && Contains("--resume")
                                               && Contains("KEY=VALUE"));
  CHECK_THAT(parsed({"--version"}).text,
             Catch::StartsWith("souk " + core::souk_version()));
}
