#include "core/error.hpp"
#include "experiments/config/layers.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <algorithm>
#include <utility>

namespace souk::experiments {

namespace {

/// Cuts "a.b" into its keys; nothing if one of them is empty.
std::vector<std::string> keys_of(const std::string& path) {
  std::vector<std::string> keys;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('.', begin), path.size());
    keys.push_back(path.substr(begin, end - begin));
    if (keys.back().empty())
      return {};
    begin = end + 1;
  }
  return keys;
}

std::unique_ptr<node> read_override(const std::string& text) {
  const position at{layer::command, "-s " + text, 0, 0};
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    throw core::error::request("has no value", where(at), "write -s key=value");
  const auto path = text.substr(0, equals);
  const auto keys = keys_of(path);
  if (keys.empty())
    throw core::error::request("has no key", where(at), "write -s training.epochs=3");
  if (keys.size() > yaml_depth_max)
    throw core::error::request("is nested too deeply", where(at), "check the key");
  if (path.find_first_of("[]") != std::string::npos)
    throw core::error::request("an entry of a list cannot be set alone", where(at),
                               "give the whole list: -s a.b=[1, 2]");
  auto value = read_yaml(text.substr(equals + 1), where(at));
  if (!value)
    throw core::error::request("has no value", where(at),
                               "write one after =, null for no value, \"''\" for text "
                               "without letters");
  if (value->is != node::shape::scalar && !value->in_flow_style)
    throw core::error::request("the value must be one word, number or text in quotes, "
                               "or stand in brackets",
                               where(at),
                               "put it in quotes, for YAML and for the shell");
  place_all(*value, at);
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    auto map = std::make_unique<node>();
    map->is = node::shape::map;
    map->at = at;
    map->entries.push_back({*key, at, std::move(value)});
    value = std::move(map);
  }
  return value;
}

} // namespace

std::unique_ptr<node> read_overrides(const std::vector<std::string>& overrides) {
  auto all = std::make_unique<node>();
  all->is = node::shape::map;
  for (const auto& text : overrides)
    merge(*all, read_override(text));
  return all;
}

} // namespace souk::experiments
