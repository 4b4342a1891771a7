#include "experiments/calibration/calibration_flags.hpp"

#include <CLI/CLI.hpp>

namespace souk::experiments {

namespace {

/// A hundredth of a log's time at least; CLI::Range lets nan pass.
CLI::Validator share_of_time() {
  return {[](const std::string& text) {
            double share = 0;
            const auto is_share =
              CLI::detail::lexical_cast(text, share) && share >= 0.01 && share <= 1;
            return is_share ? std::string{} : text + " is no share from 0.01 to 1";
          },
          "FLOAT in [0.01 - 1]"};
}

} // namespace

void add_realism_flags(CLI::App& app, command& parsed) {
  auto& words = parsed.realism;
  app.add_option("--against", words.against, "The log that is taken for real")
    ->required()
    ->type_name("LOG");
  app
    .add_option("--later", words.later,
                "Judge by this last part of the second log's time (default: 0.5)")
    ->check(share_of_time())
    ->type_name("SHARE");
  app
    .add_option("--early", words.early,
                "Compare this first part of the first log's time (default: 1, all)")
    ->check(share_of_time())
    ->type_name("SHARE");
  app.add_option("--policy", words.policy, "Of a run (default: its first)")
    ->type_name("NAME");
  app.add_option("--seed", words.seed, "Of the bootstrap (default: 1)")->type_name("N");
  app.add_option("--json", words.json, "Also writes the scores here")
    ->type_name("FILE");
}

void add_calibrate_flags(CLI::App& app, command& parsed) {
  auto& words = parsed.calibrate;
  app
    .add_option("--from", words.from,
                "A simulation: block to start from (default: souk's defaults)")
    ->check(CLI::ExistingFile)
    ->type_name("FILE");
  app
    .add_option("--early", words.early,
                "Fit to this first part of the log's time (default: 0.5)")
    ->check(share_of_time())
    ->type_name("SHARE");
  app.add_option("--seed", words.seed, "Of worlds and of the search (default: 1)")
    ->type_name("N");
  app
    .add_option("--evaluations", words.evaluations,
                "Points that the search tries for each four parameters, twice "
                "(default: 40; 0: moments alone)")
    ->check(CLI::Range(0, 100000))
    ->type_name("N");
  app.add_option("--out", parsed.out, "Writes the block here instead of to stdout")
    ->type_name("FILE");
}

} // namespace souk::experiments
