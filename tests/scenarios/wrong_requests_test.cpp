#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <regex>
#include <thread>
#include <utility>

using namespace souk::tests;

namespace {

/// The small experiment's text with one line replaced (or a line added at the end).
std::string changed(const small_experiment& experiment,
                    const std::string& from,
                    const std::string& to) {
  auto text = bytes_of(experiment.file());
  if (from.empty())
    return text + to + "\n";
  const auto position = text.find(from);
  REQUIRE(position != std::string::npos);
  return text.replace(position, from.size(), to);
}

struct wrong_file {
  const char* what;
  const char* from;
  const char* to;
  const char* said; ///< a word that the message must have
};

const std::vector<wrong_file> wrong_files{
  {"an unknown block", "", "trainign: {epochs: 3}", "training"},
  {"a misspelt key", "batch_users:", "batch_user:", "batch_users"},
  {"a duplicate key", "  epochs: 6", "  epochs: 6\n  epochs: 7", "epochs"},
  {"a word for a number", "epochs: 6", "epochs: many", "epochs"},
  {"a fraction for a count", "epochs: 6", "epochs: 6.5", "epochs"},
  {"a negative size", "latent: 8", "latent: -8", "latent"},
  {"a zero", "batch_users: 50", "batch_users: 0", "batch_users"},
  {"an octal number", "seed: 42", "seed: 0042", "seed"},
  {"blocks that are no power of two", "blocks: 4", "blocks: 6", "blocks"},
  {"an unknown model", "kind: mult_vae", "kind: mult_vea", "mult_vae"},
  {"an unknown metric", "recall@20", "recal@20", "recall"},
  {"an unknown policy", "- reference", "- mult_vea", "mult_vae"},
  {"an unknown source", "kind: csv", "kind: csvv", "csv"},
  {"a missing source file", "events.csv", "no-events.csv", "no-events.csv"},
  {"a probability above one", "latent: 8,", "latent: 8, dropout: 1.5,", "dropout"},
  {"no days", "days: 3", "days: 0", "days"},
  {"a list for a map", "kl: {cap: 0.2, anneal_steps: 20}", "kl: [0.2, 20]", "kl"},
  {"a map for a number", "seed: 42", "seed: {value: 42}", "seed"},
  {"nothing for a number", "seed: 42", "seed:", "seed"},
  {"an unknown schema version", "souk: 1", "souk: 2", "souk"},
  {"a broken line", "seed: 42", "seed: [42", "YAML"},
  {"a yes for true", "report: {html: true}", "report: {html: yes}", "html"},
  {"a fraction of nothing", "  epochs: 6",
   "  epochs: 6\n  compression: {kind: top_k, fraction: 0}", "fraction"},
  {"a fraction above one", "  epochs: 6",
   "  epochs: 6\n  compression: {kind: top_k, fraction: 1.5}", "fraction"},
  {"top_k without its fraction", "  epochs: 6", "  epochs: 6\n  compression: top_k",
   "fraction"},
  {"a fraction for bf16", "  epochs: 6",
   "  epochs: 6\n  compression: {kind: bf16, fraction: 0.1}", "fraction"},
  {"a merge key", "report: {html: true}", "report: {<<: {html: true}}", "<<"},
};

} // namespace

TEST_CASE("a wrong file is refused with file, line, column and remedy",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  for (const auto& wrong : wrong_files) {
    INFO(wrong.what);
    const auto path = experiment.folder().write(
      "wrong.yaml", changed(experiment, wrong.from, wrong.to));
    const auto refused = run_souk({"run", path, "--out", experiment.in("wrong", "")});
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK(std::regex_search(refused.err, std::regex{"wrong\\.yaml:\\d+:\\d+: "}));
    CHECK(refused.err.find(wrong.said) != std::string::npos);
    CHECK(refused.err.find(';') != std::string::npos); // what; what to do
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK(refused.out.empty());
    CHECK_FALSE(std::filesystem::exists(experiment.in("wrong", "")));
  }
}

TEST_CASE("a precision that the processor lacks is refused before anything is written",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  for (const auto* operands : {"bf16", "bf16x3"})
    for (const auto* verb : {"run", "check"}) {
      std::vector<std::string> words{
        verb, experiment.file(), "-s", std::string{"training.precision="} + operands,
        "-s", "math.isa=avx2"};
      if (verb == std::string{"run"}) {
        words.emplace_back("--out");
        words.push_back(experiment.in("halves", ""));
      }
      const auto refused = run_souk(words);
      INFO(refused.err);
      CHECK(refused.exit_code == 2);
      CHECK(refused.err.find("training.precision") != std::string::npos);
      CHECK_FALSE(std::filesystem::exists(experiment.in("halves", "")));
    }
}

TEST_CASE("what is no experiment file is refused by name",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const auto deep = std::string(100, '[') + std::string(100, ']');
  const std::vector<std::string> paths{
    experiment.in("nowhere", "x.yaml"),
    experiment.folder() / "",
    experiment.folder().write("empty.yaml", ""),
    experiment.folder().write("latin1.yaml", "souk: 1\nname: caf\xe9\n"),
    experiment.folder().write("deep.yaml", "souk: 1\nname: " + deep + "\n"),
    experiment.folder().write("binary.yaml", std::string{"\0\1\2\3", 4}),
    experiment.folder().write("list.yaml", "- souk\n- 1\n"),
  };
  for (const auto& path : paths)
    for (const auto* verb : {"run", "check"}) {
      INFO(verb << " " << path);
      const auto refused = run_souk({verb, path});
      INFO(refused.err);
      CHECK(refused.exit_code == 2);
      CHECK(refused.err.find(path) != std::string::npos);
      CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    }
}

TEST_CASE("a wrong command line is refused with a suggestion",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const auto verb = run_souk({"rnu", experiment.file()});
  CHECK(verb.exit_code == 2);
  CHECK(verb.err.find("run") != std::string::npos);
  const auto flag = run_souk({"run", experiment.file(), "--resmue"});
  CHECK(flag.exit_code == 2);
  CHECK(flag.err.find("--resume") != std::string::npos);
  const auto override =
    run_souk({"check", experiment.file(), "-s", "training.epoch=3"});
  CHECK(override.exit_code == 2);
  CHECK(override.err.find("did you mean \"epochs\"") != std::string::npos);
}

TEST_CASE("check prints the resolved file on stdout and writes nothing",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const auto checked = run_souk({"check", experiment.file(), "-s", "seed=7"});
  CHECK(checked.exit_code == 0);
  CHECK(checked.out.find("seed: 7") != std::string::npos);
  CHECK(checked.out.find("learning_rate") != std::string::npos); // defaults are shown
  // What it prints is an experiment itself, and the same one.
  const auto again =
    run_souk({"check", experiment.folder().write("resolved.yaml", checked.out)});
  INFO(again.err);
  CHECK(again.exit_code == 0);
}

TEST_CASE("a split beside one that comes with the data is warned of",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const auto text = std::regex_replace(
    bytes_of(experiment.file()), std::regex{"source: .*"},
    "source: {kind: given_split, path: " + experiment.folder().path() + "}");
  const auto warning_of = [&](const std::string& file) {
    const auto checked = run_souk({"check", experiment.folder().write("x.yaml", file)});
    INFO(checked.err);
    CHECK(checked.exit_code == 0);
    return checked.err.find("data.split") != std::string::npos;
  };
  CHECK(warning_of(text));
  CHECK_FALSE(warning_of(
    std::regex_replace(text, std::regex{"split: .*"}, "split: {kind: given}")));
}

TEST_CASE("what the data cannot give is refused before anything is trained",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const std::vector<std::pair<const char*, const char*>> wishes{
    {"baselines=[segment_popularity]", "none of the attributes"},
    {"simulation.catalogue={from: dataset, launch_share: 1}", "leaves 0 of"},
  };
  for (const auto& [wish, said] : wishes) {
    INFO(wish);
    const auto refused = experiment.run(wish, {wish});
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find(said) != std::string::npos);
    CHECK(refused.err.find("training mult_vae") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(experiment.in(wish, "checkpoints")));
  }
}

TEST_CASE("a run is never written over another", "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  REQUIRE(experiment.run("once", {"simulation=null"}).exit_code == 0);
  const auto manifest = bytes_of(experiment.in("once", "manifest.json"));
  const auto again = experiment.run("once", {"simulation=null"});
  CHECK(again.exit_code == 2);
  CHECK(again.err.find("--resume") != std::string::npos);
  CHECK(bytes_of(experiment.in("once", "manifest.json")) == manifest);
}

TEST_CASE("a cluster that cannot be led or joined is refused at once",
          "[scenarios][wrong_requests]") {
  const small_experiment experiment;
  const auto& folder = experiment.folder();
  const auto certificates = folder / "certificates";
  REQUIRE(run_souk({"certificates", certificates, "--coordinator", "127.0.0.1",
                    "--node", "a=127.0.0.2"})
            .exit_code
          == 0);
  const auto led = [&](const std::string& listen, const std::string& host) {
    const auto file = folder.write(
      "nodes.yaml", "listen: " + listen + ":7420\ncertificates: " + certificates + '/'
                      + host + "\nnodes: {127.0.0.2: 1}\n");
    return run_souk(experiment.arguments("led", {}, {"--cluster", file}));
  };
  const auto joined = [&](const std::string& listen, const std::string& host) {
    return run_souk({"node", "--join", "127.0.0.1:7420", "--listen", listen + ":7520",
                     "--certificates", certificates + '/' + host});
  };
  for (const auto& [end, said] : {
         std::pair{led("127.0.0.1", "a"), "a node's"},
         std::pair{led("127.0.0.3", "coordinator"), "not of the address 127.0.0.3"},
         std::pair{joined("127.0.0.2", "coordinator"), "a coordinator's"},
         std::pair{joined("127.0.0.3", "a"), "not of the address 127.0.0.3"},
         std::pair{joined("127.0.0.2", "nowhere"), "check that it exists"},
       }) {
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find(said) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder / "led"));

  const auto kept_in = [&](const std::string& files) {
    return run_souk({"node", "--join", "127.0.0.1:7420", "--listen", "127.0.0.2:7520",
                     "--certificates", certificates + "/a", "--folder", files});
  };
  const auto nowhere = kept_in(experiment.file());
  CHECK(nowhere.exit_code == 2);
  CHECK(nowhere.err.find("cannot be kept there") != std::string::npos);
  souk_process first{{"node", "--join", "127.0.0.1:7420", "--listen", "127.0.0.2:7520",
                      "--certificates", certificates + "/a", "--folder",
                      folder / "files"}};
  while (first.running() && first.said().find("waiting for a run") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  const auto second = kept_in(folder / "files");
  CHECK(second.exit_code == 1); // a service manager may try again
  CHECK(second.err.find("127.0.0.2:7520: cannot listen") != std::string::npos);
  CHECK(first.running());
}
