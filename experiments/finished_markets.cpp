#include "experiments/finished_markets.hpp"

#include "core/digest.hpp"
#include "core/log.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <limits>

namespace souk::experiments {

using nlohmann::json;

namespace {

json json_of(const finished_market& market) {
  json line;
  line["policy"] = market.policy;
  line["world"] = market.world;
  line["retrainings"] = market.retrainings;
  line["segments"] = market.segments;
  auto& values = line["values"] = json::array();
  for (const auto& each : market.values) // numbers come back to the bit, NaN as null
    values.push_back({each.metric, each.group, each.value, each.is_total});
  return line;
}

finished_market market_in(const json& line) {
  finished_market market;
  line.at("policy").get_to(market.policy);
  line.at("world").get_to(market.world);
  line.at("retrainings").get_to(market.retrainings);
  line.at("segments").get_to(market.segments);
  for (const auto& each : line.at("values")) {
    const auto& value = each.at(2);
    market.values.push_back(
      {each.at(0).get<std::string>(), each.at(1).get<std::string>(),
       value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>(),
       each.at(3).get<bool>()});
  }
  return market;
}

std::string hash_of(const json& markets) {
  core::digest hash;
  hash.feed(std::string_view{markets.dump()});
  return hash.finish();
}

std::string line_of(const std::vector<finished_market>& batch) {
  auto markets = json::array();
  for (const auto& market : batch)
    markets.push_back(json_of(market));
  json line;
  line["sha256"] = hash_of(markets);
  line["markets"] = std::move(markets);
  return line.dump() + '\n';
}

/// Adds a line's markets; false if they are not what was written.
bool take(const std::string& text, std::vector<finished_market>& markets) {
  try {
    const auto line = json::parse(text);
    const auto& written = line.at("markets");
    if (line.at("sha256") != hash_of(written))
      return false;
    for (const auto& market : written)
      markets.push_back(market_in(market));
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

} // namespace

finished_markets::finished_markets(const std::string& folder)
  : lines_{folder + "/markets.jsonl"} {
  // nop
}

std::vector<finished_market> finished_markets::read() const {
  std::vector<finished_market> markets;
  std::size_t number = 0;
  for (const auto& line : read_lines(lines_.path())) {
    ++number;
    if (take(line, markets))
      continue;
    core::log::warning(lines_.path() + ": line " + std::to_string(number)
                       + " is damaged: going on before it");
    break;
  }
  return markets;
}

void finished_markets::replace(const std::vector<finished_market>& markets) {
  lines_.replace(markets.empty() ? "" : line_of(markets));
  lines_.sync();
}

void finished_markets::add(const std::vector<finished_market>& batch) {
  lines_.append(line_of(batch));
  lines_.sync();
}

void finished_markets::remove() {
  std::filesystem::remove(lines_.path());
}

} // namespace souk::experiments
