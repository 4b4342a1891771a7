#include "experiments/config/section.hpp"

#include "experiments/config/suggestion.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

std::string joined(const std::string& path, const std::string& key) {
  if (path.empty() || key.empty())
    return one_line(path + key);
  return one_line(path + (key.front() == '[' ? "" : ".") + key);
}

void mark_all_as_default(node& tree, const position& near) {
  place_all(tree, near);
  layer_all(tree, layer::standard);
}

void refuse_unknown_keys(const node& map, const std::string& path) {
  for (const auto& entry : map.entries) {
    const auto& known = map.declared;
    if (std::find(known.begin(), known.end(), entry.key) != known.end())
      continue;
    throw core::error::request("unknown key", where(entry.at, joined(path, entry.key)),
                               known.empty() ? "remove it"
                                             : suggestion(entry.key, known));
  }
}

} // namespace

section::section(node& map, std::string path) : map_{&map}, path_{std::move(path)} {
  core::expects(map.is == node::shape::map, "a section is a map");
  map.was_read = true;
}

bool section::has(const std::string& key) {
  auto* found = value_of(key);
  if (!found)
    return false;
  if (found->is_nothing())
    found->was_read = true;
  return !found->is_nothing();
}

section section::at(const std::string& key) {
  if (auto* found = value_of(key))
    return open(expect(*found, key, node::shape::map), key);
  auto made = made_of_scalar({});
  made->is = node::shape::map;
  note_default(key, std::move(made));
  return open(*value_of(key), key);
}

section section::require_at(const std::string& key) {
  if (!value_of(key))
    throw missing(key);
  return at(key);
}

section section::variant(const std::string& key, const std::string& default_kind) {
  if (!value_of(key))
    note_default(key, made_of_scalar(to_scalar(default_kind)));
  auto& found = *value_of(key);
  if (found.is == node::shape::scalar && kind_of(found.value) == scalar_kind::text)
    turn_into_kind(found);
  return open(expect(found, key, node::shape::map), key);
}

std::vector<section> section::variants(const std::string& key,
                                       const std::vector<std::string>& default_kinds) {
  if (!value_of(key))
    note_default(key, made_of(default_kinds, {}));
  auto& list = expect(*value_of(key), key, node::shape::list);
  list.was_read = true;
  std::vector<section> opened;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    auto& item = *list.items[i];
    const auto place = key + '[' + std::to_string(i) + ']';
    if (item.is == node::shape::scalar && kind_of(item.value) == scalar_kind::text)
      turn_into_kind(item);
    opened.push_back(open(expect(item, place, node::shape::map), place));
  }
  return opened;
}

std::vector<section>
section::one_or_more(const std::string& key,
                     const std::vector<std::string>& default_kinds) {
  auto* found = value_of(key);
  if (found && found->is != node::shape::list && !found->is_nothing()) {
    auto single = std::make_unique<node>(std::move(*found));
    *found = {};
    found->is = node::shape::list;
    found->at = single->at;
    found->in_flow_style = true;
    found->items.push_back(std::move(single));
  }
  return variants(key, default_kinds);
}

void section::read_duration(const std::string& key,
                            core::time_ms& value,
                            const rule& rules) {
  auto* found = value_of(key);
  if (!found) {
    note_default(key, made_of(value, rules));
    return;
  }
  expect(*found, key, node::shape::scalar);
  refuse_if(parse_duration(found->value, value), *found, key);
  refuse_if(rules.check(static_cast<double>(value)), *found, key);
  found->value = to_scalar(value);
  found->was_read = true;
}

void section::finish() {
  refuse_unknown_keys(*map_, path_);
}

core::error section::error_at(const std::string& key,
                              const std::string& what,
                              const std::string& remedy) const {
  return wrong(deepest(*map_, key), key, what, remedy);
}

node* section::value_of(const std::string& key) {
  auto& known = map_->declared;
  if (std::find(known.begin(), known.end(), key) == known.end())
    known.push_back(key);
  auto* found = map_->find(key);
  return found ? found->value.get() : nullptr;
}

void section::note_default(const std::string& key, std::unique_ptr<node> value) {
  mark_all_as_default(*value, map_->at);
  value->was_read = true;
  for (auto& item : value->items)
    item->was_read = true;
  for (auto& entry : value->entries)
    entry.value->was_read = true;
  auto at = map_->at;
  at.from = layer::standard;
  map_->entries.push_back({key, at, std::move(value)});
}

core::error section::missing(const std::string& key) const {
  // A key that is missing and one that nobody knows are often one misspelt key.
  for (const auto& entry : map_->entries) {
    const auto& known = map_->declared;
    const auto is_known =
      std::find(known.begin(), known.end(), entry.key) != known.end();
    if (!is_known && nearest(entry.key, {key}) == key)
      return core::error::request("unknown key",
                                  where(entry.at, joined(path_, entry.key)),
                                  suggestion(entry.key, {key}));
  }
  return core::error::request("is missing", where(map_->at, joined(path_, key)),
                              "add \"" + key + ": ...\"");
}

core::error section::wrong(const node& at,
                           const std::string& key,
                           const std::string& what,
                           const std::string& remedy) const {
  return core::error::request(what, where(at.at, joined(path_, key)), remedy);
}

node& section::expect(node& value, const std::string& key, node::shape shape) const {
  if (value.is == shape)
    return value;
  switch (shape) {
  case node::shape::list:
    throw wrong(value, key, "must be a list, not " + described(value),
                "write it in brackets: [a, b]");
  case node::shape::map:
    throw wrong(value, key, "must be a map, not " + described(value),
                "write key: value below it, or remove it");
  case node::shape::scalar:
    break;
  }
  throw wrong(value, key, "must be one value, not " + described(value),
              "write one value");
}

section section::open(node& value, const std::string& key) {
  return {value, joined(path_, key)};
}

void section::refuse_if(const std::optional<complaint>& found,
                        const node& at,
                        const std::string& key) const {
  if (found)
    throw wrong(at, key, found->what, found->remedy);
}

void section::check_distinct(const node& list, const std::string& key) const {
  for (std::size_t i = 0; i < list.items.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (list.items[i]->value.text == list.items[j]->value.text)
        throw wrong(*list.items[i], key,
                    "names " + described(*list.items[i]) + " twice",
                    "remove one of them");
}

std::unique_ptr<node> section::made_of_scalar(scalar value) {
  auto made = std::make_unique<node>();
  made->value = std::move(value);
  return made;
}

void section::add_entry(node& map,
                        const std::string& key,
                        std::unique_ptr<node> value) {
  map.declared.push_back(key);
  map.entries.push_back({key, map.at, std::move(value)});
}

void check_all_read(node& tree, const std::string& path) {
  if (tree.is == node::shape::map)
    refuse_unknown_keys(tree, path);
  for (auto& entry : tree.entries)
    check_all_read(*entry.value, joined(path, entry.key));
  for (std::size_t i = 0; i < tree.items.size(); ++i)
    check_all_read(*tree.items[i], path + '[' + std::to_string(i) + ']');
}

} // namespace souk::experiments
