#include "data/session_log.hpp"
#include "experiments/manifest.hpp"
#include "experiments/results_file.hpp"
#include "experiments/run_directory.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

using namespace souk;
using namespace souk::tests;

namespace {

/// Which share of the clicks of a market its `top` most popular items have; the last of
/// them may be a part of one.
double share_in_log(const data::session_log& log, std::uint16_t policy, double top) {
  std::map<core::item_id, double> clicks;
  for (const auto& record : log.records)
    if (record.policy == policy && record.kind == core::event_kind::click)
      clicks[record.item] += 1;
  std::vector<double> counts;
  for (const auto& [item, count] : clicks)
    counts.push_back(count);
  std::sort(counts.begin(), counts.end(), std::greater<>{});
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    sum += counts[i] * std::clamp(top - static_cast<double>(i), 0.0, 1.0);
  return sum / std::accumulate(counts.begin(), counts.end(), 0.0);
}

} // namespace

SCENARIO("popularity in results is that of the log", "[scenarios][popularity]") {
  GIVEN("a run of two policies in one world") {
    const small_experiment experiment;
    const auto run = experiment.run(
      "run", {"simulation.worlds=1", "simulation.policies=[random, popularity]"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    const auto log = data::read_session_log(experiment.in("run", "sessions"));
    const auto rows = experiments::read_results(experiment.in("run", "results.json"));
    const auto items = static_cast<double>(
      experiments::read_manifest(experiment.in("run", "")).data.at("training_items"));

    THEN("each policy's top items have the share of clicks that they have in the log") {
      const std::map<std::string, double> tops{
        {"top=2%", 0.02}, {"top=20%", 0.2}, {"top=50%", 0.5}};
      std::size_t found = 0;
      for (const auto& row : rows)
        if (row.metric == "popularity_share" && row.model != "real"
            && tops.count(row.group) > 0) {
          ++found;
          INFO(row.model << ' ' << row.group);
          const auto policy = static_cast<std::uint16_t>(row.model == "random" ? 0 : 1);
          CHECK(row.mean
                == Approx(share_in_log(log, policy, tops.at(row.group) * items)));
        }
      CHECK(found == 2 * tops.size());
    }
    THEN("the data's own curve stands beside them, without sampling error") {
      const auto real = std::count_if(rows.begin(), rows.end(), [](const auto& row) {
        return row.model == "real" && row.ci_low == row.mean && row.ci_high == row.mean;
      });
      CHECK(real == 9);
    }
  }
}
