#include "experiments/command_line.hpp"

#include "core/error.hpp"
#include "core/platform.hpp"
#include "experiments/calibration/calibration_flags.hpp"
#include "experiments/config/position.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/environment/environment_flags.hpp"
#include "experiments/replay/replay_flags.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace souk::experiments {

namespace {

constexpr const char* examples =
  "Examples:\n"
  "  souk run configs/experiment/quickstart.yaml\n"
  "  souk run configs/experiment/quickstart.yaml -s training.epochs=3 --out "
  "runs/short\n"
  "  souk run configs/experiment/quickstart.yaml --out runs/short --resume\n"
  "  souk check configs/experiment/quickstart.yaml\n"
  "\n"
  "Exit codes: 0 done, 1 it failed, 2 the request was wrong, 130 interrupted.";

/// One verb: what it is called, what it does, what it takes.
struct verb_description {
  verb what;
  const char* name;
  const char* purpose;
};

constexpr std::uint32_t certificate_days = 365;

constexpr verb_description verbs[] = {
  {verb::run, "run", "Do what an experiment's file describes, from data to report"},
  {verb::import, "import", "Only import and clean its data"},
  {verb::train, "train", "Only go as far as trained models"},
  {verb::evaluate, "evaluate",
   "Only go as far as scores on held-out users and strangers"},
  {verb::simulate, "simulate", "Only go as far as the market of synthetic shoppers"},
  {verb::replay, "replay",
   "Walk a recorded log through a trained model: how well does it predict what comes "
   "next?"},
  {verb::environment, "environment",
   "Serve its market to learners outside: reset and step, over a local socket"},
  {verb::plan, "plan", "Predict what a step of training costs on many nodes"},
  {verb::check, "check", "Validate an experiment's file and print it resolved"},
  {verb::report, "report", "Write the page of a run again"},
  {verb::inspect, "inspect", "Say what an HDF5 file of a run holds"},
  {verb::compare, "compare", "Put the results of runs side by side"},
  {verb::reproduce, "reproduce", "Do a run again and compare its digests"},
  {verb::certificates, "certificates",
   "Make an authority and certificates for the hosts of a cluster, or for further "
   "nodes"},
  {verb::status, "status", "Say what a run is doing while it runs"},
  {verb::node, "node", "Take part in a run that another process leads"},
  {verb::realism, "realism", "Say how far a log is from another, by statistic"},
  {verb::calibrate, "calibrate", "Fit the simulated shoppers to a log"},
};

bool makes_a_run(verb what) {
  return what == verb::run || what == verb::import || what == verb::train
         || what == verb::evaluate || what == verb::simulate;
}

void add_overrides(CLI::App& app, command& parsed) {
  app
    .add_option("-s,--set", parsed.overrides,
                "Set a key of the file: training.epochs=3, model.hidden=[600, 200]")
    ->allow_extra_args(false)
    ->type_name("KEY=VALUE");
}

void add_files(CLI::App& app, verb what, command& parsed) {
  switch (what) {
  case verb::node:
  case verb::say:
    return;
  case verb::compare:
    app.add_option("RUN", parsed.files, "Folders of runs")->required()->type_name("");
    return;
  case verb::report:
  case verb::reproduce:
    app.add_option("RUN", parsed.files, "The folder of a run")
      ->required()
      ->type_name("");
    return;
  case verb::status:
    app.add_option("ADDRESS", parsed.files, "The folder of a run, or HOST:PORT")
      ->required()
      ->type_name("");
    return;
  case verb::certificates:
    app.add_option("DIR", parsed.files, "A new folder; to add nodes, one made before")
      ->required()
      ->type_name("");
    return;
  case verb::replay:
    app
      .add_option(
        "LOG", parsed.files,
        "A dataset.h5, a YAML file with a data: block, or a run's folder with "
        "the log of its shoppers")
      ->required()
      ->type_name("");
    return;
  case verb::realism:
  case verb::calibrate:
    app
      .add_option("LOG", parsed.files,
                  "A run's folder, a YAML file with a data: block, or a dataset.h5")
      ->required()
      ->type_name("");
    return;
  case verb::inspect:
    app
      .add_option("FILE", parsed.files, "A dataset, model, checkpoint or session file")
      ->required()
      ->type_name("");
    return;
  default:
    app.add_option("FILE", parsed.files, "The experiment's file")
      ->required()
      ->type_name("");
  }
}

void add_certificate_options(CLI::App& app, command& parsed) {
  app
    .add_option("--coordinator", parsed.coordinator,
                "Where souk run listens, numeric; of a new authority")
    ->type_name("ADDRESS[,ADDRESS]");
  app
    .add_option("--node", parsed.nodes,
                "A node's name and where it listens, numeric; once per node")
    ->allow_extra_args(false)
    ->type_name("NAME=ADDRESS[,ADDRESS]");
  app.add_option("--days", parsed.days, "How long the certificates are valid")
    ->default_val(certificate_days)
    ->type_name("DAYS");
}

void add_address(CLI::App& app,
                 const char* flag,
                 core::network_address& value,
                 const char* purpose) {
  app
    .add_option_function<std::string>(
      flag,
      [&value, flag](const std::string& text) {
        const auto read = core::parse_network_address(text);
        if (!read)
          throw core::error::request("is no address: " + one_line(text, 60),
                                     std::string{"souk node "} + flag,
                                     "write a numeric host and a port: 10.0.0.2:7400");
        value = *read;
      },
      purpose)
    ->type_name("HOST:PORT");
}

void add_node(CLI::App& app, node_request& node) {
  add_address(app, "--join", node.join, "Where the run is, or will be");
  app.get_option("--join")->required();
  add_address(app, "--listen", node.listen,
              "This machine's address, where others fetch tensors; each slot takes the "
              "next port");
  app.add_option("--slots", node.slots, "Processes that take part in a run")
    ->check(CLI::Range(1, 1024))
    ->type_name("N");
  app
    .add_option("--certificates", node.certificates,
                "This machine's folder from souk certificates")
    ->required()
    ->type_name("DIR");
  app
    .add_option(
      "--folder", node.folder,
      "Keeps the data of runs (default: souk-node-UID in the temporary folder)")
    ->type_name("DIR");
  app.add_option("--as", node.as)->group(""); // souk's own
}

void add_plan(CLI::App& app, plan_words& plan) {
  app.add_option("--nodes", plan.nodes, "How many: 2..1024, or a list such as 1,2,3")
    ->required()
    ->type_name("N..N");
  app
    .add_option("--bandwidth", plan.bandwidth,
                "Of a machine's link, each way, a second: 10Gbit, 1.2GB")
    ->required()
    ->type_name("RATE");
  app.add_option("--latency", plan.latency, "Of a message, one way: 50us")
    ->required()
    ->type_name("TIME");
  app
    .add_option("--profile", plan.profiles,
                "A finished run to find costs from; several: once for each (default: "
                "short runs that it makes)")
    ->allow_extra_args(false)
    ->type_name("RUN");
  app
    .add_option("--cores", plan.cores,
                "Of each machine (default: as many as a trainer has threads)")
    ->check(CLI::Range(1, 4096))
    ->type_name("N");
  app
    .add_option("--machines", plan.machines,
                "Machines that the nodes are spread over (default: one for each)")
    ->check(CLI::Range(1, 1024))
    ->type_name("N");
}

void add_verb(CLI::App& root, const verb_description& described, command& parsed) {
  auto& app = *root.add_subcommand(described.name, described.purpose);
  app.callback([&parsed, what = described.what] { parsed.what = what; });
  add_files(app, described.what, parsed);
  if (makes_a_run(described.what) || described.what == verb::check
      || described.what == verb::plan || described.what == verb::environment)
    add_overrides(app, parsed);
  if (makes_a_run(described.what) || described.what == verb::reproduce)
    app
      .add_option("--out", parsed.out,
                  "The run's folder instead of runs/<name>-<time>/")
      ->type_name("DIR");
  if (described.what == verb::plan) {
    app
      .add_option("--out", parsed.out,
                  "Keeps plan.json here; in the folder of a run, its page shows it")
      ->type_name("DIR");
    add_plan(app, parsed.plan);
  }
  if (makes_a_run(described.what))
    app.add_flag("--resume", parsed.resume, "Go on with what is in --out");
  if (makes_a_run(described.what))
    app
      .add_option(
        "--cluster", parsed.cluster,
        "A file that names the nodes to run on, instead of this machine alone")
      ->type_name("FILE");
  if (described.what == verb::status)
    app
      .add_option("--certificates", parsed.certificates,
                  "A folder of credentials, unless ADDRESS is a run's folder")
      ->type_name("DIR");
  if (described.what == verb::certificates)
    add_certificate_options(app, parsed);
  else if (described.what == verb::node)
    add_node(app, parsed.node);
  else if (described.what == verb::replay)
    add_replay_flags(app, parsed);
  else if (described.what == verb::realism)
    add_realism_flags(app, parsed);
  else if (described.what == verb::calibrate)
    add_calibrate_flags(app, parsed);
  else if (described.what == verb::environment)
    add_environment_flags(app, parsed);
  else
    app.add_flag("--json", parsed.json, "Write what a program may read to stdout");
  app.add_flag("-q,--quiet", parsed.quiet, "Say nothing on stderr but failures");
}

std::string name_of(verb what) {
  for (const auto& described : verbs)
    if (described.what == what)
      return described.name;
  return "";
}

std::vector<std::string> names_of_verbs() {
  std::vector<std::string> names;
  for (const auto& described : verbs)
    names.emplace_back(described.name);
  return names;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      flags.push_back("--" + name);
  return flags;
}

/// The verb that was asked for, whatever else is wrong, or null.
const CLI::App* asked_for(const CLI::App& root) {
  const auto asked = root.get_subcommands();
  return asked.empty() ? nullptr : asked.front();
}

core::error
unknown_flag(const CLI::App& app, const std::string& word, const std::string& place) {
  const auto name = word.substr(0, word.find('='));
  const auto meant = nearest(name, flags_of(app));
  return core::error::request("unknown flag " + one_line(name, 60), place,
                              meant.empty() ? "see " + place + " --help"
                                            : "did you mean " + meant + '?');
}

/// Says what CLI11 refused in our words: it names no alternatives, and its exit codes
/// are its own.
core::error refused(const CLI::App& root, const CLI::ParseError& broken) {
  const auto* verb_app = asked_for(root);
  const auto& app = verb_app ? *verb_app : root;
  const auto place = verb_app ? "souk " + verb_app->get_name() : std::string{"souk"};
  const auto help = "see " + place + " --help";
  const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&broken);
  if (!extras)
    return core::error::request(one_line(broken.what()), place, help);
  for (const auto& extra : root.remaining(true)) {
    if (extra.empty() || extra.front() != '-')
      continue;
    return unknown_flag(app, extra, place);
  }
  const auto remaining = root.remaining(true);
  return core::error::request(
    "too many arguments: "
      + one_line(remaining.empty() ? std::string{broken.what()} : remaining.front(),
                 60),
    place, help);
}

/// Refuses what is no verb before CLI11 takes it for a stray argument.
void check_verb(int argc, const char* const* argv) {
  const auto names = names_of_verbs();
  for (int i = 1; i < argc; ++i) {
    const std::string word{argv[i]};
    if (!word.empty() && word.front() == '-')
      continue;
    if (std::find(names.begin(), names.end(), word) == names.end())
      throw core::error::request("unknown verb \"" + one_line(word, 60) + '"', "souk",
                                 suggestion(word, names));
    return;
  }
}

/// CLI11 would count for us, but names neither the verb's purpose nor the argument.
void check_files(const command& parsed) {
  const auto place = "souk " + name_of(parsed.what);
  if (parsed.what == verb::compare && parsed.files.size() < 2)
    throw core::error::request("compares at least two runs", place,
                               "name another run's folder");
  if (parsed.what != verb::compare && parsed.files.size() > 1)
    throw core::error::request("too many arguments: " + one_line(parsed.files[1], 60),
                               place, "name one, and see " + place + " --help");
}

} // namespace

command parse_command_line(int argc, const char* const* argv) {
  check_verb(argc, argv);
  command parsed;
  CLI::App root{"souk: a marketplace of actors. Trains user-profile models and lets "
                "synthetic users shop against them.",
                "souk"};
  root.footer(examples);
  root.set_version_flag("--version",
                        core::souk_version() + " (" + core::souk_commit() + ')');
  root.require_subcommand(1);
  for (const auto& described : verbs)
    add_verb(root, described, parsed);
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    command answer;
    answer.text = root.help(); // of the verb, if one was named
    return answer;
  } catch (const CLI::CallForVersion& version) {
    command answer;
    answer.text = "souk " + std::string{version.what()} + '\n';
    return answer;
  } catch (const CLI::RequiredError& broken) {
    if (!asked_for(root) && argc > 1)
      throw unknown_flag(root, argv[1], "souk");
    if (!asked_for(root))
      throw core::error::request("a verb is missing", "souk",
                                 "try souk run FILE, or souk --help");
    throw refused(root, broken);
  } catch (const CLI::ParseError& broken) {
    throw refused(root, broken);
  }
  check_files(parsed);
  if (parsed.resume && parsed.out.empty())
    throw core::error::request("--resume goes on with a folder, and none is named",
                               "souk", "add --out DIR");
  return parsed;
}

} // namespace souk::experiments
