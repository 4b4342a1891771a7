#include "experiments/atomic_file.hpp"
#include "experiments/report/page.hpp"
#include "experiments/report/report.hpp"
#include "experiments/results_file.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/experiments/report_run.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <limits>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace {

/// Writes what a run leaves behind.
void write_run(const scratch_folder& folder, const finished_run& run) {
  folder.write("run/manifest.json", to_json(run.record));
  folder.write("run/results.json", to_json(run.rows));
  folder.write("run/config.yaml", run.configuration);
  metrics_file curves{folder / "run/metrics.jsonl"};
  for (const auto& point : run.points)
    curves.append(point);
}

std::string
between(const std::string& text, const std::string& from, const std::string& to) {
  const auto first = text.find(from);
  REQUIRE(first != std::string::npos);
  const auto last = text.find(to, first + from.size());
  REQUIRE(last != std::string::npos);
  return text.substr(first + from.size(), last - first - from.size());
}

nlohmann::json data_of(const std::string& page) {
  return nlohmann::json::parse(
    between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("a report is one page with words, data and the means to draw it",
          "[experiments][report]") {
  const scratch_folder folder;
  write_run(folder, whole_run());
  write_report(folder / "run");
  const auto page = read_file(folder / "run/report.html");
  CHECK_THAT(page, Contains("<h1>sample</h1>"));
  CHECK_THAT(page, Contains("vae ranks best"));
  const auto data = data_of(page);
  CHECK(data["rows"].size() == whole_run().rows.size());
  CHECK(data["curves"][0]["points"].size() == 3);
  CHECK(data["configuration"] == "souk: 1  # sample.yaml:1\n");
  CHECK(data["manifest"]["seed"] == 7);
  CHECK_THAT(page, Contains("souk.line_chart = ") && Contains("d3_document")
                     && Contains("prefers-color-scheme"));
}

TEST_CASE("a report loads nothing from anywhere", "[experiments][report]") {
  const auto page = page_of(whole_run());
  CHECK_THAT(page, Contains("default-src 'none'"));
  CHECK(count(page, " src=") == 0);
  CHECK(count(page, "href=\"http") == 0);
  CHECK(count(page, "@import") == 0);
  CHECK(count(page, "url(http") == 0);
  CHECK(count(page, "<link ") == 1); // the empty icon, which keeps browsers from asking
}

TEST_CASE("names cannot become markup or end a script", "[experiments][report]") {
  auto run = whole_run();
  const std::string nasty = "</script><script>alert(\"1\")</script><!--&";
  run.record.name = nasty;
  run.configuration = nasty;
  for (auto& row : run.rows)
    if (row.model == "vae")
      row.model = nasty;
  const auto page = page_of(run);
  CHECK(count(page, "<script") == 3); // the data, D3, the page's own
  CHECK(count(page, "</script") == 3);
  CHECK(count(page, "alert(\"") == 0); // quotes are escaped in words and in data
  CHECK_THAT(page, Contains("<h1>&lt;/script&gt;&lt;script&gt;alert(&quot;1"));
  CHECK(data_of(page)["manifest"]["name"] == nasty);
  CHECK(data_of(page)["configuration"] == nasty);
}

TEST_CASE("bytes that are no text do not break a report", "[experiments][report]") {
  auto run = whole_run();
  run.configuration = "name: \xFF\xFE";
  CHECK(data_of(page_of(run))["rows"].size() == run.rows.size());
}

TEST_CASE("a number that is none is a gap", "[experiments][report]") {
  auto run = whole_run();
  run.rows[0].mean = std::numeric_limits<double>::quiet_NaN();
  run.points[1].value = std::numeric_limits<double>::infinity();
  const auto data = data_of(page_of(run));
  CHECK(data["rows"][0][4].is_null());
  CHECK(data["curves"][0]["points"][1][2].is_null());
}

TEST_CASE("numbers are sent with eight digits", "[experiments][report]") {
  auto run = whole_run();
  run.rows[0].mean = 1.0 / 3;
  run.rows[1].mean = 12345678;
  const auto page = page_of(run);
  CHECK(data_of(page)["rows"][0][4] == 0.33333333);
  CHECK(data_of(page)["rows"][1][4] == 12345678);
  CHECK(count(page, "0.333333333") == 0);
}

TEST_CASE("what is not of one policy alone reaches the page, too",
          "[experiments][report]") {
  auto run = whole_run();
  run.rows = {
    row_of("online", "real", "popularity_share", "top=1%", 0.1),
    row_of("online", "vae", "purchases_per_user", "generator=users", 0.5, 0.1, 3),
    row_of("online", "vae", "own_kind_advantage", "generator=vae", 0.1, 0.05, 3),
    row_of("online", "all", "kendall_tau(purchases_per_user, ndcg@100)", "all", 0.7,
           0.1, 12)};
  const auto page = page_of(run);
  CHECK(data_of(page)["rows"].size() == 4);
  CHECK(data_of(page)["rows"][3][2] == "kendall_tau(purchases_per_user, ndcg@100)");
  for (const auto* section :
       {"popularity", "search", "cross_play", "agreement", "replay"})
    CHECK_THAT(page, Contains("souk." + std::string{section} + " = ")
                       && Contains("souk." + std::string{section} + "()"));
}

TEST_CASE(
  "comparisons of policies are sent of everybody, and of newcomers with what is "
  "popular",
  "[experiments][report]") {
  auto run = whole_run();
  const auto rate = [](const char* group, const char* other) {
    return against(row_of("online", "a", "conversion", group, 0.1), other, 0.5);
  };
  run.rows = {row_of("online", "a", "conversion", "history=0", 0.1), rate("all", "b"),
              rate("history=0", "popularity"),
              rate("item_age=0-2", "segment_popularity")};
  CHECK(data_of(page_of(run))["rows"].size() == 4);
  run.rows = {rate("history=0", "b"), rate("intent=search", "popularity"),
              rate("user=newcomer", "segment_popularity")};
  CHECK(data_of(page_of(run))["rows"].empty());
}

TEST_CASE("a run that only trained has a smaller page", "[experiments][report]") {
  const scratch_folder folder;
  auto run = whole_run();
  run.rows = {row_of("training", "vae", "training_seconds", "all", 3)};
  run.rows[0].measured = true;
  write_run(folder, run);
  std::filesystem::remove(folder / "run/config.yaml");
  std::filesystem::remove(folder / "run/metrics.jsonl");
  write_report(folder / "run");
  const auto data = data_of(read_file(folder / "run/report.html"));
  CHECK(data["curves"].empty());
  CHECK(data["configuration"] == "");
}

TEST_CASE("a plan in a run's folder is on its page", "[experiments][report]") {
  const scratch_folder folder;
  write_run(folder, whole_run());
  folder.write("run/plan.json", R"({"schema": 1, "steps": [{"method": "bsp"}]})");
  write_report(folder / "run");
  const auto page = read_file(folder / "run/report.html");
  CHECK(data_of(page)["plan"]["steps"][0]["method"] == "bsp");
  CHECK_THAT(page, Contains("souk.plan_section = "));
  CHECK_FALSE(data_of(page_of(whole_run())).contains("plan"));
  folder.write("run/plan.json", "{");
  CHECK_THROWS_WITH(write_report(folder / "run"), Contains("plan.json"));
}

TEST_CASE("a report replaces the one before", "[experiments][report]") {
  const scratch_folder folder;
  write_run(folder, whole_run());
  folder.write("run/report.html", "old");
  write_report(folder / "run");
  CHECK_THAT(read_file(folder / "run/report.html"), Contains("<!doctype html>"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator{folder / "run"})
    ++files;
  CHECK(files == 5); // nothing temporary is left
}

TEST_CASE("missing and damaged results are refused with what to do",
          "[experiments][report]") {
  const scratch_folder folder;
  write_run(folder, whole_run());
  const auto report = [&] {
    write_report(folder / "run");
  };
  const auto whole = read_file(folder / "run/results.json");
  for (const auto& damaged : {std::string{}, whole.substr(0, whole.size() / 2),
                              std::string{"{\"schema\":1}"}, std::string{"[1, 2]"}}) {
    folder.write("run/results.json", damaged);
    CHECK_THAT(failure_of(report), Contains("results.json") && Contains("run again"));
  }
  std::filesystem::remove(folder / "run/results.json");
  CHECK_THAT(failure_of(report), Contains("results.json") && Contains("--resume"));
  std::filesystem::remove(folder / "run/manifest.json");
  CHECK_THAT(refusal_of(report), Contains("manifest.json"));
  CHECK_FALSE(std::filesystem::exists(folder / "run/report.html"));
}
