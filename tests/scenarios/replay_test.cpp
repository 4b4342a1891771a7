#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <regex>
#include <sstream>

using namespace souk::tests;
using Catch::Matchers::Contains;

namespace {

/// The mean of a row in a file of results, or -1.
double mean_in(const std::string& path,
               const std::string& metric,
               const std::string& group = "all") {
  const auto text = bytes_of(path);
  const std::regex row{"\"metric\":\"" + metric + "\",\"group\":\"" + group
                       + "\",\"mean\":([-0-9.e]+)"};
  std::smatch found;
  return std::regex_search(text, found, row) ? std::stod(found[1].str()) : -1;
}

finished_process replay(const std::string& log,
                        const std::string& model,
                        const std::vector<std::string>& flags = {}) {
  std::vector<std::string> words{"replay", log, "--model", model};
  words.insert(words.end(), flags.begin(), flags.end());
  return run_souk(words);
}

/// Trains the small experiment without its simulation.
void train(const small_experiment& experiment) {
  const auto run = experiment.run("run", {"simulation=null", "evaluation=null"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
}

/// A shop in which item j is had by the users u with u % 10 >= j, so that item j is the
/// (j + 1)th most popular whoever is held out; and a log of two later users.
class nested_shop {
public:
  nested_shop() {
    std::ostringstream csv;
    csv << "user,item,time\n";
    for (int user = 0; user < 100; ++user)
      for (int item = 0; item <= user % 10; ++item)
        csv << 'u' << user << ",i" << item << ',' << 100 * user + item << '\n';
    const auto data = [&](const std::string& path) {
      return "data:\n  source: {kind: csv, path: " + path
             + ", columns: {user: user, item: item, time: time}}\n"
               "  clean: {min_user_events: 1}\n";
    };
    folder_.write("shop.yaml", "souk: 1\nname: shop\nseed: 1\n"
                                 + data(folder_.write("events.csv", csv.str()))
                                 + "  split: {held_out_users: 5}\n"
                                   "baselines: [popularity]\n");
    const auto later = folder_.write("later.csv", "user,item,time\n"
                                                  "v,i3,10000\n"
                                                  "w,i9,10001\n"
                                                  "v,i0,10002\n"
                                                  "v,hat,10003\n"
                                                  "w,i9,10004\n"
                                                  "v,i1,12000\n");
    folder_.write("later.yaml", data(later));
  }

  std::string operator/(const std::string& name) const {
    return folder_ / name;
  }

private:
  scratch_folder folder_;
};

} // namespace

SCENARIO("a replay against popularity is what a hand computes", "[scenarios][replay]") {
  const nested_shop shop;
  const auto run = run_souk({"train", shop / "shop.yaml", "--out", shop / "run"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto rows = shop / "rows.json";
  const auto replayed = replay(shop / "later.yaml", shop / "run:popularity",
                               {"--json", rows, "--out", shop / "replay"});
  INFO(replayed.err);
  REQUIRE(replayed.exit_code == 0);
  THEN("items are found at their places among those that are left") {
    // Places 4, 10, then 1 and 1, since i3 and then i0 are left out.
    CHECK(mean_in(rows, "events_judged") == 4);
    CHECK(mean_in(rows, "mrr@10") == Approx((1.0 / 4 + 1.0 / 10 + 1 + 1) / 4));
    CHECK(mean_in(rows, "hit_rate@10") == 1);
    CHECK(mean_in(rows, "mrr@10", "history=0") == Approx((1.0 / 4 + 1.0 / 10) / 2));
    // The last event of v comes half an hour later: it begins a session.
    CHECK(mean_in(rows, "mrr@10", "position=1")
          == Approx((1.0 / 4 + 1.0 / 10 + 1) / 3));
  }
  THEN("what was not judged is counted and named") {
    CHECK(mean_in(rows, "events") == 6);
    CHECK(mean_in(rows, "events_unknown_item") == 1);
    CHECK(mean_in(rows, "events_repeated") == 1);
    CHECK_THAT(replayed.err, Contains("hat (1)"));
  }
  THEN("its folder can be compared with another one's") {
    CHECK(bytes_of(shop / "replay/results.json") == bytes_of(rows));
    CHECK_THAT(bytes_of(shop / "replay/replay.json"), Contains("\"popularity\""));
    REQUIRE(replay(shop / "later.yaml", shop / "run:popularity",
                   {"--repeats", "judge", "--out", shop / "other"})
              .exit_code
            == 0);
    const auto compared = run_souk({"compare", shop / "replay", shop / "other"});
    CHECK(compared.exit_code == 0);
    CHECK_THAT(compared.out, Contains("replay popularity mrr@10 all"));
  }
}

SCENARIO("predictions do not depend on shards or batches", "[scenarios][replay]") {
  const small_experiment experiment;
  train(experiment);
  const auto model = experiment.folder() / "run";
  std::string expected;
  for (const std::string shards : {"1", "2", "4"})
    for (const std::string batch : {"1", "96"}) {
      const auto name = "s" + shards + "b" + batch;
      const auto replayed = replay(
        experiment.file(), model,
        {"--shards", shards, "--batch", batch, "--out", experiment.folder() / name});
      INFO(replayed.err);
      REQUIRE(replayed.exit_code == 0);
      const auto digest =
        experiment.digest(name, "predictions") + experiment.digest(name, "results");
      if (expected.empty())
        expected = digest;
      CHECK(digest.size() == 128);
      CHECK(digest == expected);
    }
}

SCENARIO("what a model was trained on is not judged unless asked for",
         "[scenarios][replay]") {
  const small_experiment experiment;
  train(experiment);
  const auto rows = experiment.in("run", "rows.json");
  REQUIRE(replay(experiment.in("run", "dataset.h5"), experiment.folder() / "run",
                 {"--json", rows})
            .exit_code
          == 0);
  const auto learned = mean_in(rows, "events_learned");
  const auto judged = mean_in(rows, "events_judged");
  CHECK(learned > 0);
  CHECK(judged > 0);
  CHECK(judged < learned); // 30 of 150 users were held out
  CHECK(std::filesystem::exists(experiment.in("run", "replays")));
  REQUIRE(replay(experiment.in("run", "dataset.h5"), experiment.folder() / "run",
                 {"--json", rows, "--judge", "all", "--history", "session"})
            .exit_code
          == 0);
  CHECK(mean_in(rows, "events_learned") == 0);
  CHECK(mean_in(rows, "events_judged") == learned + judged);
}

SCENARIO("the log of simulated shoppers is replayed", "[scenarios][replay]") {
  const small_experiment experiment;
  const auto run = experiment.run("run", {"evaluation=null"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto rows = experiment.in("run", "rows.json");
  const auto replayed =
    replay(experiment.folder() / "run", experiment.folder() / "run", {"--json", rows});
  INFO(replayed.err);
  REQUIRE(replayed.exit_code == 0);
  CHECK(mean_in(rows, "events_judged") > 0);
  CHECK(mean_in(rows, "events_unknown_item") == 0);
  CHECK(mean_in(rows, "hit_rate@20") > 0);
}

SCENARIO("a replay that is interrupted says what was measured so far",
         "[scenarios][replay]") {
  const small_experiment experiment;
  train(experiment);
  const auto out = experiment.folder() / "replay";
  souk_process replaying{{"replay", experiment.file(), "--model",
                          experiment.folder() / "run", "--judge", "all", "--speed", "1",
                          "--out", out}};
  while (replaying.running() && replaying.said().find("log:") == std::string::npos)
    replaying.ends_within(std::chrono::milliseconds{100});
  replaying.signal(SIGINT);
  const auto ended = replaying.wait();
  INFO(ended.err);
  CHECK(ended.exit_code == 130);
  CHECK_THAT(ended.err, Contains("interrupted after"));
  CHECK_THAT(ended.out, Contains("what was replayed"));
  CHECK(mean_in(out + "/results.json", "events") >= 0);
  CHECK(experiment.digest("replay", "predictions").empty());
}

SCENARIO("wrong requests for a replay say what to do", "[scenarios][replay]") {
  const small_experiment experiment;
  train(experiment);
  const auto run = experiment.folder() / "run";
  const auto timeless = experiment.folder().write(
    "timeless.yaml",
    "data:\n  source: {kind: csv, path: " + experiment.folder() / "events.csv"
      + ", columns: {user: user, item: item}}\n");
  const auto strange = experiment.folder().write(
    "strange.yaml",
    "data:\n  clean: {min_user_events: 1}\n  source: {kind: csv, path: "
      + experiment.folder().write("strange.csv", "user,item,time\na,hat,1\n")
      + ", columns: {user: user, item: item, time: time}}\n");

  struct wrong {
    std::vector<std::string> words;
    const char* said;
  };

  const std::vector<wrong> requests{
    {{timeless, "--model", run}, "no times"},
    {{strange, "--model", run}, "knows none"},
    {{experiment.file(), "--model", run, "--speed", "0"}, "speed"},
    {{experiment.file(), "--model", run, "--speed", "-1"}, "speed"},
    {{experiment.file(), "--model", run, "--speed", "nan"}, "speed"},
    {{experiment.file(), "--model", run + ":popularty"}, "popularity"},
    {{experiment.file(), "--model", run + "x"}, "no such run"},
    {{experiment.file(), "--model", experiment.folder().path()}, "manifest"},
    {{experiment.folder() / "gone.yaml", "--model", run}, "no such log"},
    {{experiment.folder() / "events.csv", "--model", run}, "data:"},
    {{run + "/model.h5", "--model", run}, "model"},
    {{experiment.file(), "--model", run, "--out", run}, "not empty"},
    {{experiment.file(), "--model", run, "--cutoffs", "5,5"}, "twice"},
  };
  for (const auto& request : requests) {
    std::vector<std::string> words{"replay"};
    words.insert(words.end(), request.words.begin(), request.words.end());
    const auto refused = run_souk(words);
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, Contains(request.said));
    CHECK(refused.out.empty());
  }
  THEN("nothing is left of them") {
    CHECK_FALSE(std::filesystem::exists(run + "/replays"));
  }
  THEN("a run that imported only has no model") {
    const auto imported = experiment.folder() / "imported";
    REQUIRE(run_souk({"import", experiment.file(), "--out", imported}).exit_code == 0);
    const auto refused = replay(experiment.file(), imported);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, Contains("no trained model"));
  }
}
