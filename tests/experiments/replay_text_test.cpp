#include "experiments/replay/replay_text.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

core::result_row row(const char* metric, const char* group, double mean) {
  core::result_row made;
  made.stage = "replay";
  made.metric = metric;
  made.group = group;
  made.mean = mean;
  made.ci_low = mean - 0.125;
  made.ci_high = mean + 0.125;
  made.n = 1234;
  return made;
}

} // namespace

TEST_CASE("a replay's tables say what, where and how fast",
          "[experiments][replay_text]") {
  auto latency = row("latency_p50_ms", "all", 1.5);
  latency.measured = true;
  const auto text = text_of_replay(
    {row("mrr@10", "all", 0.25), row("mrr@10", "position=1", 0.5),
     row("mrr@10", "history=5-9", 0.75), row("events_judged", "all", 1234), latency});
  CHECK_THAT(text, Contains("next item") && Contains("0.2500")
                     && Contains("[0.1250, 0.3750]"));
  CHECK_THAT(text, Contains("by position in session") && Contains("0.5000"));
  CHECK_THAT(text, Contains("by length of history") && Contains("5-9"));
  CHECK_THAT(text, Contains("events_judged") && Contains("1,234"));
  CHECK_THAT(text, Contains("latency_p50_ms") && Contains("1.5"));
}

TEST_CASE("a replay without rows has no tables", "[experiments][replay_text]") {
  CHECK(text_of_replay({}).empty());
}

TEST_CASE("items that a model does not know are named", "[experiments][replay_text]") {
  CHECK(unknown_in_words({}).empty());
  CHECK(unknown_in_words({{"b", 3}, {"a", 1}})
        == "4 events are of 2 items that the model does not know: b (3), a (1)");
  CHECK_THAT(
    unknown_in_words({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}}),
    Contains("6 items") && Contains("e (1), ...") && !Contains("f (1)"));
}
