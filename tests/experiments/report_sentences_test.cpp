#include "experiments/report/sentences.hpp"
#include "tests/experiments/report_run.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

std::string text_of(const finished_run& run) {
  std::string text;
  for (const auto& sentence : sentences_of(run))
    text += sentence + '\n';
  return text;
}

} // namespace

TEST_CASE("a report says what learned from what", "[experiments][report]") {
  CHECK_THAT(
    text_of(whole_run()),
    Contains("vae and popularity learned from 54,321 interactions of 1,000 users "
             "with 200 items. vae took 24 steps in 3 epochs."));
}

TEST_CASE("a report says who ranks best, by how much and how surely",
          "[experiments][report]") {
  CHECK_THAT(text_of(whole_run()),
             Contains("On 100 held-out users, vae ranks best: ndcg@100 0.4000 (95% "
                      "interval 0.3900 to 0.4100). That is 0.2000 more than popularity "
                      "(95% interval 0.1850 to 0.2150): p < 0.001 after Holm's "
                      "correction."));
}

TEST_CASE("a lead that may be chance is called so", "[experiments][report]") {
  auto run = whole_run();
  for (auto& row : run.rows)
    if (row.stage == "offline" && row.p_value)
      row.p_value = 0.2;
  CHECK_THAT(text_of(run), Contains("which may be chance: p = 0.200"));
}

TEST_CASE("the file's model is told of when it does not win", "[experiments][report]") {
  auto run = whole_run();
  run.rows.push_back(row_of("offline", "ease", "ndcg@100", "all", 0.6, 0.01));
  run.rows.push_back(row_of("offline", "knn", "ndcg@100", "all", 0.5, 0.01));
  const auto text = text_of(run);
  CHECK_THAT(text, Contains("ease ranks best"));
  CHECK_THAT(text, Contains("0.1000 more than knn"));
  CHECK_THAT(text, Contains("vae comes to 0.4000 (95% interval 0.3900 to 0.4100)."));
  CHECK_THAT(text, Contains("popular items to everybody comes to 0.2000."));
}

TEST_CASE("a report says who serves strangers best", "[experiments][report]") {
  CHECK_THAT(text_of(whole_run()),
             Contains("With nothing known of them, 80 users are served best by "
                      "popularity: ndcg@100 0.2100")
               && Contains("With their whole past known, by vae: 0.3800"));
}

TEST_CASE("the reference policy is a yardstick, no competitor",
          "[experiments][report]") {
  CHECK_THAT(
    text_of(whole_run()),
    Contains("In 3 simulated worlds, vae sells most: 2.50 of revenue per user (95% "
             "interval 2.40 to 2.60), 25.0% more than popularity in the same "
             "worlds (p = 0.030 after Holm's correction).")
      && Contains("The reference policy, which knows what every shopper wants, "
                  "comes to 4.00.")
      && Contains("most content with vae") && Contains("least with popularity"));
}

TEST_CASE("a report says how far clicks gather on few items", "[experiments][report]") {
  auto run = whole_run();
  const auto share = [](const char* model, double value) {
    return row_of("online", model, "popularity_share", "top=1%", value, 0.01, 3);
  };
  run.rows.push_back(share("popularity", 0.3));
  CHECK_THAT(text_of(run), !Contains("most popular 1%"));
  run.rows.push_back(share("vae", 0.1));
  CHECK_THAT(text_of(run),
             Contains("The most popular 1% of the items have 30.0% of all "
                      "clicks under popularity and 10.0% under vae.\n"));
  run.rows.push_back(share("real", 0.5));
  CHECK_THAT(text_of(run),
             Contains("under vae; in the training data they have 50.0%."));
}

TEST_CASE("a report says whom shoppers of its own kind change most",
          "[experiments][report]") {
  auto run = whole_run();
  CHECK_THAT(text_of(run), !Contains("own kind"));
  run.rows.push_back(
    row_of("online", "knn", "own_kind_advantage", "generator=users", -0.05, 0.1, 3));
  CHECK_THAT(text_of(run), Contains("Whether shoppers of a policy's own kind favour it "
                                    "cannot be told from chance."));
  // The surest, not the largest, which is often the noisiest.
  run.rows.push_back(
    row_of("online", "vae", "own_kind_advantage", "generator=vae", 0.03, 0.01, 3));
  CHECK_THAT(text_of(run), Contains("(generator vae) change most for vae: +3.0%")
                             && Contains("(95% interval +2.0% to +4.0%)"));
}

TEST_CASE("a report says whether simulated shoppers rank as held-out users do",
          "[experiments][report]") {
  auto run = whole_run();
  CHECK_THAT(text_of(run), !Contains("Kendall"));
  const auto tau = [](const char* metric, const char* group, double value) {
    return row_of("online", "all",
                  "kendall_tau(purchases_per_user, " + std::string{metric} + ')', group,
                  value, 0.1, 12);
  };
  run.rows.push_back(tau("ndcg@100", "generator=vae", 0.2));
  CHECK_THAT(text_of(run), !Contains("Kendall"));
  run.rows.push_back(tau("ndcg@100", "all", 1));
  run.rows.back().n = 3;
  CHECK_THAT(text_of(run), !Contains("Kendall"));
  run.rows.push_back(tau("recall@20", "all", 0.5));
  CHECK_THAT(text_of(run), Contains("Simulated purchases rank 12 policies as held-out "
                                    "users do by recall@20 with Kendall's tau 0.5000 "
                                    "(95% interval 0.4000 to 0.6000)."));
  run.rows.push_back(tau("ndcg@100", "all", 0.7));
  run.rows.push_back(tau("recall@50", "all", 0.9));
  CHECK_THAT(text_of(run), Contains("by ndcg@100 with Kendall's tau 0.7000"));
}

TEST_CASE("a report says how often a replay's model knew what comes next",
          "[experiments][report]") {
  finished_run run;
  run.rows = {row_of("replay", "vae", "hit_rate@10", "position=1", 0.4, 0.01, 20),
              row_of("replay", "vae", "hit_rate@10", "all", 0.25, 0.05, 40),
              row_of("replay", "vae", "hit_rate@20", "all", 0.5, 0.05, 40),
              row_of("replay", "vae", "events", "all", 1200, 0, 1200)};
  CHECK_THAT(
    text_of(run),
    Contains("Of 1,200 events of the log 40 were predicted; the next item was "
             "among the first 10 of vae with a frequency of 0.2500 (95% interval "
             "0.2000 to 0.3000)."));
  CHECK_THAT(text_of(whole_run()), !Contains("of the log"));
}

TEST_CASE("a report says what the import left out", "[experiments][report]") {
  CHECK_THAT(text_of(whole_run()),
             Contains("Of 60,000 rows of the source 54,321 events were kept")
               && Contains("1 unreadable row is in the quarantine file."));
  auto run = whole_run();
  run.record.data["rows_read"] = 54321;
  CHECK_THAT(text_of(run), Contains("All 54,321 rows of the source were used."));
}

TEST_CASE("stages that did not run have no sentences", "[experiments][report]") {
  auto run = whole_run();
  run.rows.clear();
  run.points.clear();
  CHECK(sentences_of(run).size() == 2); // the data and the import
  run.record.data.clear();
  CHECK(text_of(run) == "This run has no results yet.\n");
}

TEST_CASE("a report says where it comes from", "[experiments][report]") {
  auto run = whole_run();
  CHECK(provenance_of(run)
        == "souk 0.1.0 (abc), seed 7, started 2026-01-01T12:00:00Z, took 11.5 s");
  run.record.end.clear();
  CHECK_THAT(provenance_of(run), Contains("not finished"));
}
