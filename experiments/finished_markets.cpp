#include "experiments/finished_markets.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <limits>

namespace souk::experiments {

using nlohmann::json;

namespace {

std::string line_of(const finished_market& market) {
  json line;
  line["policy"] = market.policy;
  line["world"] = market.world;
  line["retrainings"] = market.retrainings;
  line["segments"] = market.segments;
  auto& values = line["values"] = json::array();
  for (const auto& each : market.values) // numbers come back to the bit, NaN as null
    values.push_back({each.metric, each.group, each.value, each.is_total});
  return line.dump() + '\n';
}

finished_market market_in(const std::string& text) {
  const auto line = json::parse(text);
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

} // namespace

finished_markets::finished_markets(const std::string& folder)
  : lines_{folder + "/markets.jsonl"} {
  // nop
}

std::vector<finished_market> finished_markets::read() const {
  std::vector<finished_market> markets;
  for (const auto& line : read_lines(lines_.path()))
    try {
      markets.push_back(market_in(line));
    } catch (const json::exception&) {
      throw core::error{"line " + std::to_string(markets.size() + 1)
                          + " makes no sense",
                        lines_.path(), "remove the folder it is in"};
    }
  return markets;
}

void finished_markets::remove() {
  std::filesystem::remove(lines_.path());
}

void finished_markets::add(const std::vector<finished_market>& markets) {
  std::string lines;
  for (const auto& market : markets)
    lines += line_of(market);
  lines_.append(lines);
  lines_.sync();
}

} // namespace souk::experiments
