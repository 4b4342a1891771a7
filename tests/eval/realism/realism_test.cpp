#include "eval/realism/realism.hpp"

#include "tests/eval/realism/sample_logs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace souk;
using namespace souk::eval::realism;

namespace {

realism_report score(const behaviour& ours, const behaviour& theirs) {
  return score_realism(cut_into_visits(ours), cut_into_visits(theirs), {});
}

const scored_statistic& find(const realism_report& report, const std::string& name) {
  const auto found = std::find_if(report.scored.begin(), report.scored.end(),
                                  [&](const auto& of) { return of.name == name; });
  REQUIRE(found != report.scored.end());
  return *found;
}

std::string reason(const realism_report& report, const std::string& name) {
  const auto found = std::find_if(report.missing.begin(), report.missing.end(),
                                  [&](const auto& of) { return of.name == name; });
  return found == report.missing.end() ? "" : found->reason;
}

} // namespace

SCENARIO("a log of the same law passes for real", "[eval][realism]") {
  sample_shop other;
  other.seed = 2;
  const auto report = score(sample_log(other), sample_log({}));
  for (const auto& of : report.scored) {
    INFO(of.name);
    if (of.measure == "KS")
      CHECK(of.distance.mean <= tolerance(of));
    CHECK(of.distance.low <= of.distance.high);
    CHECK(of.control > 0);
  }
  CHECK(report.auc.low <= 0.5);
  CHECK(report.auc_control.low <= 0.5);
  CHECK(report.auc_control.high >= 0.5);
}

SCENARIO("what was spoiled in a log is what is found", "[eval][realism]") {
  const auto real = sample_log({});
  const auto spoiled = [&](const sample_shop& shop, const std::string& statistic) {
    const auto report = score(sample_log(shop), real);
    const auto& of = find(report, statistic);
    CHECK(of.distance.mean > tolerance(of));
    CHECK(of.distance.low > of.control);
    return report;
  };
  WHEN("sessions are longer") {
    sample_shop shop;
    shop.seed = 2;
    shop.events_per_session = 8;
    const auto report = spoiled(shop, "session_length");
    CHECK(find(report, "session_length").ours > find(report, "session_length").theirs);
    CHECK(find(report, "hours").distance.mean <= tolerance(find(report, "hours")));
  }
  WHEN("people come at other hours") {
    sample_shop shop;
    shop.seed = 2;
    shop.busiest_hour = 14;
    const auto report = spoiled(shop, "hours");
    CHECK(*find(report, "hours").wasserstein == Approx(2).margin(0.3));
    CHECK(find(report, "weekdays").distance.mean < 0.1);
  }
  WHEN("few items have everything") {
    sample_shop shop;
    shop.seed = 2;
    shop.exponent = 3;
    spoiled(shop, "popularity_curve");
  }
  WHEN("people come more often") {
    sample_shop shop;
    shop.seed = 2;
    shop.sessions_per_user = 7;
    spoiled(shop, "user_sessions");
  }
}

TEST_CASE("scores repeat with their seed", "[eval][realism]") {
  sample_shop other;
  other.seed = 2;
  const auto first = score(sample_log(other), sample_log({}));
  const auto again = score(sample_log(other), sample_log({}));
  for (std::size_t i = 0; i < first.scored.size(); ++i) {
    CHECK(first.scored[i].distance.low == again.scored[i].distance.low);
    CHECK(first.scored[i].control == again.scored[i].control);
  }
  CHECK(first.auc.low == again.auc.low);
}

TEST_CASE("what a log lacks is left out and named", "[eval][realism]") {
  auto timeless = sample_log({});
  timeless.has_times = false;
  const auto report = score(timeless, sample_log({}));
  CHECK(reason(report, "hours") == "the first log has no times");
  CHECK(reason(report, "click_to_cart") == "the first log has no clicks");
  CHECK(reason(report, "purchase_to_return") == "the first log has no returns");
  CHECK(reason(report, "user_activity").empty());
  CHECK(find(report, "user_activity").distance.mean == 0);
  auto invoices = sample_log({});
  for (auto& event : invoices.events)
    event.time -= event.time % core::day_ms;
  const auto of_invoices = score(invoices, invoices);
  CHECK(reason(of_invoices, "transitions")
        == "in the first log a session's events have one time");
}

TEST_CASE("a log of hardly anybody has no statistics and no end", "[eval][realism]") {
  behaviour one;
  one.has_times = true;
  one.events = {purchase(0, 0, 0)};
  const auto report = score(one, one);
  CHECK(reason(report, "session_length")
        == "the first log has 1 values, fewer than 20");
  CHECK(report.auc.mean == 0.5);
}
