#include "experiments/calibration/block_text.hpp"

#include "experiments/blocks.hpp"
#include "experiments/calibration/parameters.hpp"
#include "experiments/config/document.hpp"
#include "experiments/config/scalar.hpp"

#include <cstdio>
#include <map>
#include <sstream>

namespace souk::experiments {

namespace {

document open_block(const std::string& from,
                    const std::vector<std::string>& overrides) {
  return from.empty() ? document::parse("{}", "the defaults", overrides)
                      : document::load(from, overrides);
}

std::string text_of(double value) {
  return in_yaml(to_scalar(value));
}

std::string text_of(std::uint32_t value) {
  return std::to_string(value);
}

std::string text_of(const std::vector<double>& values) {
  std::string row;
  for (const auto value : values)
    row += (row.empty() ? "" : ", ") + text_of(value);
  return '[' + row + ']';
}

/// Every key that a calibration can set, with its value.
std::map<std::string, std::string> settable_values(sim::simulation_options options) {
  std::map<std::string, std::string> values{
    {"days", text_of(options.days)},
    {"exclude_bought", options.exclude_bought ? "true" : "false"},
    {"population.users", text_of(options.population.users)},
    {"calendar.hours", text_of(options.calendar.hours)},
    {"calendar.weekdays", text_of(options.calendar.weekdays)},
    {"calendar.start_weekday", text_of(options.calendar.start_weekday)},
    {"catalogue.items", text_of(options.catalogue.items)},
    {"catalogue.price_median", text_of(options.catalogue.price_median)},
    {"catalogue.price_spread_between", text_of(options.catalogue.price_spread_between)},
    {"catalogue.price_spread_within", text_of(options.catalogue.price_spread_within)},
    {"funnel.return_days", text_of(options.funnel.return_days)}};
  for (const auto clicks : {false, true})
    for (const auto& group : groups_for(clicks, options.catalogue.from))
      for (const auto& each : group.parameters)
        values[each.key] = text_of(each.of(options));
  return values;
}

/// Follows the keys of resolved lines by their indentation.
class path_of_lines {
public:
  std::string next(const std::string& line) {
    const auto indentation = line.find_first_not_of(' ');
    const auto depth = indentation / 2;
    keys_.resize(depth);
    keys_.push_back(line.substr(indentation, line.find(':') - indentation));
    std::string path;
    for (const auto& key : keys_)
      path += (path.empty() ? "" : ".") + key;
    return path;
  }

private:
  std::vector<std::string> keys_;
};

std::string header_of(const calibration& fitted, const std::string& source) {
  std::string text = "# Shoppers calibrated by `souk calibrate` to " + source
                     + ".\n"
                       "# Mean distances of three fresh worlds to it:\n";
  for (const auto& each : fitted.statistics) {
    char line[128];
    std::snprintf(line, sizeof line, "#   %-22s %.3f\n", each.name.c_str(),
                  each.distance);
    text += line;
  }
  for (const auto& missing : fitted.missing)
    text += "# Not told by this log: " + missing + '\n';
  return text;
}

} // namespace

sim::simulation_options read_simulation_block(const std::string& path) {
  auto file = open_block(path, {});
  const auto read = read_simulation(file.root());
  file.finish();
  return read;
}

std::string block_text(const calibration& fitted,
                       const std::string& from,
                       const std::string& source) {
  const auto of_dataset = read_simulation_block(from).catalogue.from == "dataset";
  std::vector<std::string> overrides;
  for (const auto& [key, value] : settable_values(fitted.options))
    if (fitted.notes.count(key) > 0 && !(of_dataset && is_of_generated_items(key)))
      overrides.push_back(key + '=' + value);
  if (from.empty())
    // Models of a dataset cannot recommend generated items.
    overrides.emplace_back("policies=[random, reference]");
  auto file = open_block(from, overrides);
  read_simulation(file.root());
  file.finish();
  auto text = header_of(fitted, source);
  std::istringstream lines{file.resolved()};
  path_of_lines paths;
  for (std::string line; std::getline(lines, line);) {
    const auto path = paths.next(line);
    const auto comment = line.find("  # ");
    const auto note = fitted.notes.find(path);
    if (comment == std::string::npos) {
      text += line + '\n';
      continue;
    }
    const auto layer = line.substr(comment + 4);
    text += line.substr(0, comment) + "  # ";
    text += note != fitted.notes.end() && layer == "-s" ? note->second
            : layer == "-s" ? "no statistic: random needs no model"
                            : "not identified: " + layer;
    text += '\n';
  }
  return text;
}

} // namespace souk::experiments
