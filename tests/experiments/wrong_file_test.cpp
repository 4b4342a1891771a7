#include "core/error.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/experiments/sample_experiment.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace {

/// What a wrong file is, where the message must point, and what it must say.
struct wrong_file {
  const char* called;
  std::string text;
  std::string place;  ///< "line:column: key", after the file's name
  std::string what;   ///< part of the complaint
  std::string remedy; ///< part of what to do
};

const std::string head = "souk: 1\nname: sample\nseed: 7\n"; // three lines
const std::string model = "model: {kind: mult_vae}\n";       // the fourth

std::string nested(std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i)
    text += std::string(i, ' ') + "a:\n";
  return text + std::string(levels, ' ') + "a: 1\n";
}

const std::vector<wrong_file>& wrong_files() {
  static const std::vector<wrong_file> files{
    {"an unknown key", head + model + "colour: red\n", "5:1: colour", "unknown key",
     "known are souk, name"},
    {"a misspelt key", head + "model:\n  hiden: [600]\n", "5:3: model.hiden",
     "unknown key", "did you mean \"hidden\"?"},
    {"a misspelt block that is needed", head + "modle: {kind: ease}\n", "4:1: modle",
     "unknown key", "did you mean \"model\"?"},
    {"a key of another kind", head + "model: {kind: ease, latent: 3}\n",
     "4:21: model.latent", "unknown key", "known is only kind"},
    {"a missing key", "souk: 1\nname: sample\n" + model, "1:1: seed", "is missing",
     "add \"seed: ...\""},
    {"a missing block", head, "1:1: model", "is missing", "add \"model: ...\""},
    {"text for a number", head + "model: {latent: many}\n", "4:17: model.latent",
     "must be a whole number, not \"many\"", "decimal digits"},
    {"a number in quotes", head + "model: {latent: '200'}\n", "4:17: model.latent",
     "not \"200\"", "remove the quotes"},
    {"a fraction for a whole number", head + "model: {latent: 1.5}\n",
     "4:17: model.latent", "must be a whole number, not 1.5", "round it"},
    {"an exponent for a whole number", head + "model: {latent: 2e2}\n",
     "4:17: model.latent", "must be a whole number, not 2e2", "write 200"},
    {"a number for text", "souk: 1\nname: 12\nseed: 7\n" + model, "2:7: name",
     "must be text, but 12", "put it in quotes"},
    {"a list for text", "souk: 1\nname: [a]\nseed: 7\n" + model, "2:7: name",
     "must be one value, not a list", "write one value"},
    {"a list for a map", head + "model: [1, 2]\n", "4:8: model",
     "must be a map, not a list", "write key: value"},
    {"a map for a list", head + "model: {hidden: {a: 1}}\n", "4:17: model.hidden",
     "must be a list, not a map", "write it in brackets"},
    {"a word for a list", head + "model: {hidden: 600}\n", "4:17: model.hidden",
     "must be a list, not 600", "write it in brackets"},
    {"nothing for a number", head + "model:\n  latent:\n  dropout: 0.5\n",
     "5:3: model.latent", "not nothing", "give it a value"},
    {"null for a number", head + "model: {latent: null}\n", "4:9: model.latent",
     "not nothing", "remove the key"},
    {"nothing for a block", head + "model:\n", "4:1: model",
     "must be a map, not nothing", "or remove it"},
    {"a duplicate key", head + model + "seed: 8\n", "5:1",
     "duplicate key \"seed\", first on line 3", "remove one of them"},
    {"a duplicate key in braces", head + "model: {latent: 1, latent: 2}\n", "4:20",
     "duplicate key \"latent\"", "remove one of them"},
    {"an octal-looking number", head + "model: {latent: 010}\n", "4:17: model.latent",
     "not 010, which some read as octal", "write 10"},
    {"a hexadecimal number", head + "model: {latent: 0x1F}\n", "4:17: model.latent",
     "must be a whole number, not 0x1F", "decimal digits"},
    {"yes for true", head + model + "report: {html: yes}\n", "5:16: report.html",
     "must be true or false", "write true"},
    {"off for false", head + model + "report: {html: off}\n", "5:16: report.html",
     "must be true or false", "write false"},
    {"no for text", "souk: 1\nname: no\nseed: 7\n" + model, "2:7: name",
     "could be read as something else", "put it in quotes: \"no\""},
    {"a negative size", head + "model: {latent: -3}\n", "4:17: model.latent",
     "must not be negative", "from 0"},
    {"a size of zero", head + "model: {latent: 0}\n", "4:17: model.latent",
     "must be positive", "positive"},
    {"a number that no type holds", head + "model: {latent: 99999999999999999999}\n",
     "4:17: model.latent", "is out of range", "below 2^64"},
    {"a number that its type cannot hold", head + "model: {latent: 4294967296}\n",
     "4:17: model.latent", "is out of range", "at most 4294967295"},
    {"a share above one", head + "model: {dropout: 1.5}\n", "4:18: model.dropout",
     "must be at least 0 and below 1, but is 1.5", "write a number"},
    {"a number that is none", head + "model: {dropout: .nan}\n", "4:18: model.dropout",
     "must be a finite number", "write a number"},
    {"an infinite number", head + "model: {dropout: inf}\n", "4:18: model.dropout",
     "must be a finite number", "write a number"},
    {"a number too large for a double", head + "model: {dropout: 1e999}\n",
     "4:18: model.dropout", "is out of range", "a double can hold"},
    {"no power of two", head + model + "training: {blocks: 6}\n",
     "5:20: training.blocks", "must be a power of two, but is 6", "write a number"},
    {"an unknown kind", head + "model: {kind: mult_vea}\n", "4:15: model.kind",
     "is no known word: \"mult_vea\"", "did you mean \"mult_vae\"?"},
    {"an unknown word of an enumeration",
     head + model + "training: {consistency: bsb}\n", "5:25: training.consistency.kind",
     "is no known word", "did you mean \"bsp\"?"},
    {"a wrong entry of a list", head + model + "baselines: [popularity, {kind: knn}]\n",
     "5:32: baselines[1].kind", "is no known word", "known are popularity"},
    {"a baseline without a kind", head + model + "baselines: [{l2: 3}]\n",
     "5:13: baselines[0].kind", "is missing", "add \"kind: ...\""},
    {"an empty list where one is needed", head + model + "evaluation: {metrics: []}\n",
     "5:23: evaluation.metrics", "must not be empty", "at least one"},
    {"a repetition", head + model + "evaluation: {metrics: [a, b, a]}\n",
     "5:30: evaluation.metrics", "names \"a\" twice", "remove one"},
    {"a duration without its unit", head + model + "simulation: {tick: 3 weeks}\n",
     "5:20: simulation.tick", "must be a duration", "250ms, 90s, 30m, 6h, 14d"},
    {"a file that is not there", head + model + "data: {key_file: no/such/key}\n",
     "5:18: data.key_file", "names no file: no/such/key", "check the path"},
    {"another schema", "souk: 2\nname: sample\nseed: 7\n" + model, "1:7: souk",
     "must be between 1 and 1", "write a number"},
    {"an anchor", head + "model: &m {kind: ease}\n", "4:8", "anchors are not read",
     "write the value out"},
    {"an alias of nothing", head + "model: *m\n", "4:8", "is not YAML", "check"},
    {"an alias", head + "model: {latent: &a 3, dropout: *a}\n", "4:17",
     "anchors are not read", "write the value out"},
    {"a merge key", head + "model: {<<: {kind: ease}}\n", "4:9",
     "merge keys (<<) are not read", "write the keys out"},
    {"a tag", head + "model: {latent: !!int 3}\n", "4:17",
     "the tag tag:yaml.org,2002:int", "leave it out"},
    {"a list as a key", head + "? [a, b]\n: 3\n", "4:3", "a key must be a word",
     "close the bracket, or put text"},
    {"an empty key", head + ": 3\n", "4:1", "a key is empty", "give it a name"},
    {"a tab as indentation", head + "model:\n\tkind: ease\n", "5:1",
     "a tab as indentation", "indent with spaces"},
    {"bytes that are not UTF-8", head + "model: {kind: m\xFF}\n", "4:16",
     "is not UTF-8", "save the file as UTF-8"},
    {"UTF-16", std::string("\xFF\xFEs\0o\0", 6), "1:1", "is not UTF-8",
     "save the file"},
    {"a zero byte", head + std::string("a\0b: 1\n", 7), "4:2", "a control character",
     "remove it"},
    {"a bracket that never closes", head + "model: {hidden: [1, 2}\n", "4:22",
     "is not YAML", "check indentation, brackets and quotes"},
    {"a wrong escape", head + "model: {kind: \"\\q\"}\n", "4:", "is not YAML",
     "check indentation"},
    {"an empty file", "", "1:1", "the file is empty", "configs/experiment/"},
    {"a file of comments", "# nothing\n", "1:1", "the file is empty",
     "write key: value"},
    {"a list as a file", "- a\n- b\n", "1:1", "must be a map of keys, not a list",
     "write key: value"},
    {"a word as a file", "hello\n", "1:1", "must be a map of keys, not \"hello\"",
     "write key: value"},
    {"two documents", head + model + "---\nseed: 8\n", "5:1",
     "a second document begins", "one experiment per file"},
    {"a hundred levels", nested(100), "33:33", "nested deeper than 32 levels",
     "flatten it"},
    {"brackets without end", std::string(100000, '['), "1:", "a key must be a word",
     "close the bracket"},
    {"a number of a megabyte",
     head + "model: {latent: " + std::string(500000, '1') + "}\n", "4:17: model.latent",
     "is out of range", "below 2^64"},
    {"more values than an experiment has",
     [] {
       std::string list = head + "model: {hidden: [1";
       for (int i = 0; i < 20000; ++i)
         list += ",1";
       return list + "]}\n";
     }(),
     "4:", "there are too many values", "use at most"},
    {"a use that is no map", head + model + "use: movielens\n", "5:6: use",
     "must be a map", "write key: value"},
    {"a block that is not there", head + model + "use: {data: no_such_block}\n",
     "5:13: use.data", "names no file configs/data/no_such_block.yaml", ""},
    {"a block outside configs", head + model + "use: {data: ../../secret}\n",
     "5:13: use.data", "is no name of a block", "without folder"},
    {"an unknown kind of block", head + model + "use: {dta: x}\n", "5:7: use.dta",
     "unknown key", "did you mean \"data\"?"},
  };
  return files;
}

/// Whether text begins like ":12:3: ".
bool has_line_and_column(const std::string& text) {
  std::size_t at = 0;
  for (auto part = 0; part < 2; ++part) {
    if (text.at(at++) != ':' || !std::isdigit(static_cast<unsigned char>(text.at(at))))
      return false;
    at = text.find_first_not_of("0123456789", at);
  }
  return text.compare(at, 2, ": ") == 0;
}

} // namespace

TEST_CASE("every wrong file is refused in one line with place and remedy",
          "[experiments][config]") {
  const scratch_folder folder;
  CHECK(wrong_files().size() >= 25);
  for (const auto& wrong : wrong_files()) {
    const auto path = folder.write("wrong.yaml", wrong.text);
    const auto said = refusal_of([&path] {
      auto file = document::load(path);
      read_sample(file);
    });
    INFO(wrong.called << ": " << said);
    CHECK_THAT(said, Contains(path + ':' + wrong.place));
    CHECK(has_line_and_column(said.substr(path.size())));
    CHECK_THAT(said, Contains(wrong.what) && Contains(wrong.remedy));
    CHECK_THAT(said, Contains("; ")); // what is wrong; what to do
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.size() < 600);
  }
}

TEST_CASE("a file that cannot be had is refused by its path alone",
          "[experiments][config]") {
  const scratch_folder folder;
  const auto load = [&folder](const std::string& name) {
    const auto path = folder / name;
    const auto said = refusal_of([&path] { document::load(path); });
    CHECK(said.find(path + ": ") == 0);
    return said;
  };
  folder.write("quickstart.yaml", right_sample);
  CHECK_THAT(load("quikstart.yaml"), Contains("no such file; did you mean \"")
                                       && Contains("quickstart.yaml\"?"));
  CHECK_THAT(load("nothing/near"), Contains("no such file; check the path"));
  CHECK_THAT(load("."), Contains("is a directory; name a .yaml file inside it"));
  folder.write("huge.yaml", std::string(1'000'001, ' '));
  CHECK_THAT(load("huge.yaml"), Contains("is larger than 1 MB"));
  std::filesystem::create_symlink("/dev/zero", folder / "endless.yaml");
  CHECK_THAT(load("endless.yaml"), Contains("is no regular file"));
}

TEST_CASE("text from a file cannot break the line of a message",
          "[experiments][config]") {
  const auto said =
    refusal_of([] { sample_of(head + "model: {kind: \"a\\nb\\x1b[31m\"}\n"); });
  CHECK_THAT(said, Contains("a\\nb\\x1b[31m"));
  CHECK(said.find('\n') == std::string::npos);
  CHECK(said.find('\x1b') == std::string::npos);
}

TEST_CASE("the sample that the wrong ones vary is right", "[experiments][config]") {
  CHECK_NOTHROW(sample_of(head + model));
  CHECK_NOTHROW(sample_of(right_sample));
}
