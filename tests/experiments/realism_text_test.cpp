#include "experiments/realism_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace souk;
using namespace souk::experiments;

namespace {

eval::realism::realism_report sample_report() {
  eval::realism::realism_report report;
  report.scored = {
    {"hours", "KS", "hours", 12, 13, 0.5, {0.12, 0.08, 0.15, 100}, 0.05},
    {"basket_size", "KS", "items", 2, 9, 6.0, {0.3, 0.2, 0.4, 100}, 0.05},
    {"repeats", "KS", "share", 0.1, 0.2, {}, {0.14, 0.1, 0.2, 100}, 0.1},
    {"popularity_gini", "difference", "", 0.6, 0.7, {}, {0.1, 0.1, 0.1, 100}, 0.01}};
  report.missing = {{"click_to_cart", "the first log has no clicks"}};
  report.auc = {0.61, 0.58, 0.64, 100};
  report.auc_control = {0.5, 0.46, 0.54, 100};
  return report;
}

const compared_sizes sizes{"ours", "theirs", 1200, 1300, 5000, 6000};

} // namespace

TEST_CASE("a report of realism says what passes for real", "[experiments][realism]") {
  const auto text = realism_text(sample_report(), sizes, {"cut"});
  const auto ends = [&](const std::string& name) {
    const auto line = text.substr(text.find('\n' + name) + 1);
    const auto end = line.substr(0, line.find('\n'));
    return end.substr(end.find_last_of(' ') + 1);
  };
  CHECK(ends("hours") == "no");
  CHECK(ends("basket_size") == "no");
  // 1.5 times what halves differ.
  CHECK(ends("repeats") == "yes");
  CHECK(ends("popularity_gini") == "-");
  CHECK(text.find("ours: 1,200 users, 5,000 events") != std::string::npos);
  CHECK(text.find("note     cut\n") != std::string::npos);
  CHECK(text.find("left out: click_to_cart: the first log has no clicks\n")
        != std::string::npos);
  CHECK(text.find("AUC 0.610 (0.580..0.640)") != std::string::npos);
}

TEST_CASE("a program reads the same", "[experiments][realism]") {
  const auto json =
    nlohmann::json::parse(realism_json(sample_report(), sizes, {"cut"}));
  CHECK(json["log"]["users"] == 1200);
  CHECK(json["statistics"][0]["distance"]["ci_high"] == 0.15);
  CHECK(json["statistics"][0]["real"] == false);
  CHECK(json["statistics"][0]["wasserstein"] == 0.5);
  CHECK(json["statistics"][2]["tolerance"] == Approx(0.15));
  CHECK_FALSE(json["statistics"][3].contains("real"));
  CHECK(json["left_out"][0]["statistic"] == "click_to_cart");
  CHECK(json["two_sample"]["halves"]["ci_low"] == 0.46);
  CHECK(json["notes"][0] == "cut");
}
