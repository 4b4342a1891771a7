#include "experiments/manifest.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace souk::experiments {

using nlohmann::ordered_json;

namespace {

constexpr int schema = 1;

ordered_json json_of(const std::vector<finished_stage>& stages) {
  auto list = ordered_json::array();
  for (const auto& stage : stages)
    list.push_back({{"name", stage.name}, {"seconds", stage.seconds}});
  return list;
}

std::vector<finished_stage> stages_in(const ordered_json& list) {
  std::vector<finished_stage> stages;
  for (const auto& stage : list)
    stages.push_back(
      {stage.at("name").get<std::string>(), stage.at("seconds").get<double>()});
  return stages;
}

manifest from(const ordered_json& json) {
  manifest record;
  json.at("name").get_to(record.name);
  json.at("seed").get_to(record.seed);
  json.at("souk").at("version").get_to(record.souk_version);
  json.at("souk").at("commit").get_to(record.souk_commit);
  json.at("config_digest").get_to(record.config_digest);
  if (const auto told = json.find("consistency"); told != json.end()) {
    told->at("kind").get_to(record.consistency);
    told->at("one_answer").get_to(record.one_answer);
  }
  json.at("digests").get_to(record.digests);
  json.at("platform").at("parts").get_to(record.platform);
  json.at("machine").get_to(record.machine);
  json.at("cluster").get_to(record.cluster);
  json.at("start").get_to(record.start);
  if (!json.at("end").is_null())
    json.at("end").get_to(record.end);
  record.stages = stages_in(json.at("stages"));
  json.at("files").get_to(record.files);
  if (const auto told = json.find("steps_computed_again"); told != json.end())
    told->get_to(record.steps_computed_again);
  json.at("data").get_to(record.data);
  return record;
}

} // namespace

bool manifest::finished(const std::string& stage) const {
  return std::any_of(stages.begin(), stages.end(),
                     [&stage](const auto& done) { return done.name == stage; });
}

manifest begin_manifest(const std::string& name,
                        std::uint64_t seed,
                        const core::numeric_platform& platform) {
  manifest record;
  record.name = name;
  record.seed = seed;
  record.souk_version = core::souk_version();
  record.souk_commit = core::souk_commit();
  record.platform = platform;
  record.machine = core::describe_machine();
  record.start = core::utc_now();
  return record;
}

std::string to_json(const manifest& record) {
  ordered_json json;
  json["schema"] = schema;
  json["name"] = record.name;
  json["seed"] = record.seed;
  json["souk"] =
    ordered_json{{"version", record.souk_version}, {"commit", record.souk_commit}};
  json["config_digest"] = record.config_digest;
  json["consistency"] =
    ordered_json{{"kind", record.consistency}, {"one_answer", record.one_answer}};
  json["digests"] = record.digests;
  json["platform"] = ordered_json{{"fingerprint", core::fingerprint(record.platform)},
                                  {"parts", record.platform}};
  json["machine"] = record.machine;
  json["cluster"] = record.cluster;
  json["start"] = record.start;
  json["end"] = record.end.empty() ? ordered_json() : ordered_json(record.end);
  json["stages"] = json_of(record.stages);
  json["files"] = record.files;
  json["steps_computed_again"] = record.steps_computed_again;
  json["data"] = record.data;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

manifest manifest_from_json(const std::string& text, const std::string& source) {
  try {
    const auto json = ordered_json::parse(text);
    if (json.at("schema") != schema)
      throw core::error{"has another schema than this souk", source,
                        "read it with the souk that wrote it"};
    return from(json);
  } catch (const nlohmann::json::exception& broken) {
    throw core::error{std::string{"is no whole manifest ("} + broken.what() + ")",
                      source, "it was damaged or written by something else; run again"};
  }
}

} // namespace souk::experiments
