#include "experiments/manifest.hpp"

#include "tests/experiments/refusals.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

manifest full_manifest() {
  auto record =
    begin_manifest("sample", 18446744073709551615ULL, core::core_platform());
  record.config_digest = "c0ffee";
  record.digests = {{"dataset", "aa"}, {"model", "bb"}};
  record.cluster = {{"trainers", 2}, {"processes", 1}};
  record.end = "2026-01-01T12:00:00Z";
  record.stages = {{"train", 1.0 / 3}, {"evaluate", 2}};
  record.files = {{"results.json", "dd"}, {"sessions/00000.h5", "ee"}};
  record.data = {{"users", 671}, {"items", 9066}};
  record.steps_computed_again = {{"mult_vae", 80}};
  return record;
}

} // namespace

TEST_CASE("a manifest says what was written into it", "[experiments][manifest]") {
  const auto record = full_manifest();
  const auto text = to_json(record);
  const auto back = manifest_from_json(text, "manifest.json");
  CHECK(to_json(back) == text);
  CHECK(back.seed == record.seed);
  CHECK(back.souk_version == core::souk_version());
  CHECK(back.platform == record.platform);
  CHECK(back.machine == record.machine);
  CHECK(back.stages[0].seconds == 1.0 / 3);
  CHECK(back.finished("train"));
  CHECK_FALSE(back.finished("simulate"));
  CHECK_THAT(text,
             Contains("\"fingerprint\": \"" + core::fingerprint(record.platform)));
}

TEST_CASE("a manifest says whether the file alone decides the digests",
          "[experiments][manifest]") {
  CHECK(manifest_from_json(to_json(full_manifest()), "").one_answer);
  auto record = full_manifest();
  record.consistency = "asp";
  record.one_answer = false;
  const auto text = to_json(record);
  CHECK(manifest_from_json(text, "").consistency == "asp");
  CHECK_FALSE(manifest_from_json(text, "").one_answer);
  // Those from before there was a choice do.
  const auto begin = text.find("  \"consistency\"");
  const auto end = text.find("  \"digests\"");
  const auto old = text.substr(0, begin) + text.substr(end);
  CHECK(manifest_from_json(old, "").consistency == "bsp");
  CHECK(manifest_from_json(old, "").one_answer);
}

TEST_CASE("a run that has not ended has no end", "[experiments][manifest]") {
  const auto record = begin_manifest("sample", 1, {});
  CHECK_THAT(to_json(record), Contains("\"end\": null"));
  CHECK(manifest_from_json(to_json(record), "").end.empty());
  CHECK_FALSE(record.start.empty());
}

TEST_CASE("a damaged manifest is refused by its name", "[experiments][manifest]") {
  const auto text = to_json(full_manifest());
  for (const auto& damaged : {std::string{}, text.substr(0, text.size() / 2),
                              std::string{"[]"}, std::string{"{\"schema\": 1}"},
                              std::string{"{\"schema\": 99}"}, std::string{"\xFF\xFE"}})
    CHECK_THAT(failure_of([&] { manifest_from_json(damaged, "runs/a/manifest.json"); }),
               Contains("runs/a/manifest.json: "));
}
