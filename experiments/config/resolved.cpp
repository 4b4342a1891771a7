#include "experiments/config/resolved.hpp"

#include "core/digest.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <algorithm>
#include <cstdio>

namespace souk::experiments {

namespace {

std::string comment(const position& at) {
  return "  # " + origin(at) + '\n';
}

bool is_row_of_scalars(const node& list) {
  return std::all_of(list.items.begin(), list.items.end(),
                     [](const auto& item) { return item->is == node::shape::scalar; });
}

std::string in_key_style(const std::string& key) {
  return in_yaml({key, true});
}

std::string block(const node& value, const std::string& indentation);

/// What follows "key:" or "-" on the same line, up to its end.
std::string leaf(const node& value) {
  if (value.is == node::shape::scalar)
    return ' ' + in_yaml(value.value) + comment(value.at);
  if (value.is == node::shape::map)
    return " {}" + comment(value.at);
  std::string row;
  for (const auto& item : value.items)
    row += (row.empty() ? "" : ", ") + in_yaml(item->value);
  return " [" + row + ']' + comment(value.at);
}

bool is_leaf(const node& value) {
  switch (value.is) {
  case node::shape::scalar:
    return true;
  case node::shape::list:
    return is_row_of_scalars(value);
  case node::shape::map:
    return value.entries.empty();
  }
  return true;
}

std::string map_block(const node& map, const std::string& indentation) {
  std::string text;
  for (const auto& entry : map.entries) {
    text += indentation + in_key_style(entry.key) + ':';
    text += is_leaf(*entry.value) ? leaf(*entry.value)
                                  : '\n' + block(*entry.value, indentation + "  ");
  }
  return text;
}

std::string list_block(const node& list, const std::string& indentation) {
  std::string text;
  for (const auto& item : list.items) {
    text += indentation + '-';
    if (is_leaf(*item)) {
      text += leaf(*item);
    } else {
      // The first line of the item moves up beside its dash.
      const auto lines = block(*item, indentation + "  ");
      text += lines.substr(indentation.size() + 1);
    }
  }
  return text;
}

std::string block(const node& value, const std::string& indentation) {
  return value.is == node::shape::map ? map_block(value, indentation)
                                      : list_block(value, indentation);
}

void collect(const node& value,
             const std::string& path,
             std::map<std::string, std::string>& leaves) {
  if (value.is == node::shape::scalar)
    leaves[path] = in_yaml(value.value);
  else if (value.items.empty() && value.entries.empty())
    leaves[path] = value.is == node::shape::list ? "[]" : "{}";
  for (const auto& entry : value.entries)
    if (!path.empty() || entry.key != "cluster")
      collect(*entry.value, path + (path.empty() ? "" : ".") + entry.key, leaves);
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    char index[32];
    std::snprintf(index, sizeof index, "[%zu]", i);
    collect(*value.items[i], path + index, leaves);
  }
}

} // namespace

std::string resolved_text(const node& tree) {
  return block(tree, "");
}

std::map<std::string, std::string> leaves_without_cluster(const node& tree) {
  std::map<std::string, std::string> leaves;
  collect(tree, "", leaves);
  return leaves;
}

std::string digest_without_cluster(const node& tree) {
  core::digest whole;
  for (const auto& [path, value] : leaves_without_cluster(tree)) {
    whole.feed(path);
    whole.feed(value);
  }
  return whole.finish();
}

std::optional<std::string> first_difference(const std::string& here,
                                            const std::string& there,
                                            const std::string& source_of_there) {
  const auto leaves_of = [](const std::string& text, const std::string& source) {
    const auto tree = read_yaml(text, source);
    return tree ? leaves_without_cluster(*tree) : std::map<std::string, std::string>{};
  };
  const auto ours = leaves_of(here, "the resolved file");
  const auto theirs = leaves_of(there, source_of_there);
  const auto value_in = [](const auto& leaves, const std::string& path) {
    const auto found = leaves.find(path);
    return found == leaves.end() ? std::string{"nothing"} : found->second;
  };
  auto paths = ours;
  paths.insert(theirs.begin(), theirs.end());
  for (const auto& [path, unused] : paths) {
    const auto mine = value_in(ours, path);
    const auto other = value_in(theirs, path);
    if (mine != other)
      return path + ": " + one_line(other, 60) + " there, " + one_line(mine, 60)
             + " here";
  }
  return std::nullopt;
}

} // namespace souk::experiments
