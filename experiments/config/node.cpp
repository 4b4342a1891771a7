#include "experiments/config/node.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace souk::experiments {

bool node::is_nothing() const {
  return is == shape::scalar && kind_of(value) == scalar_kind::nothing;
}

node::entry* node::find(const std::string& key) {
  const auto found =
    std::find_if(entries.begin(), entries.end(),
                 [&key](const entry& candidate) { return candidate.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

const node::entry* node::find(const std::string& key) const {
  return const_cast<node*>(this)->find(key);
}

std::string described(const node& what) {
  switch (what.is) {
  case node::shape::list:
    return "a list";
  case node::shape::map:
    return "a map";
  case node::shape::scalar:
    break;
  }
  return described(what.value);
}

namespace {

bool has_other_kind(const node& a, const node& b) {
  const auto* kind_a = a.find("kind");
  const auto* kind_b = b.find("kind");
  return kind_a && kind_b && kind_a->value->value.text != kind_b->value->value.text;
}

template <class Change>
void change_positions(node& tree, const Change& change) {
  change(tree.at);
  for (auto& item : tree.items)
    change_positions(*item, change);
  for (auto& entry : tree.entries) {
    change(entry.at);
    change_positions(*entry.value, change);
  }
}

} // namespace

void turn_into_kind(node& word) {
  auto kind = std::make_unique<node>();
  kind->value = std::exchange(word.value, {});
  kind->at = word.at;
  word.is = node::shape::map;
  word.entries.push_back({"kind", word.at, std::move(kind)});
}

void merge(node& weaker, std::unique_ptr<node> stronger) {
  if (weaker.is == node::shape::scalar && stronger->is == node::shape::map
      && kind_of(weaker.value) == scalar_kind::text)
    turn_into_kind(weaker);
  if (weaker.is != node::shape::map || stronger->is != node::shape::map
      || has_other_kind(weaker, *stronger)) {
    weaker = std::move(*stronger);
    return;
  }
  // What is missing in a map is best added where the experiment itself opens it.
  if (stronger->at.from != layer::command)
    weaker.at = stronger->at;
  for (auto& entry : stronger->entries) {
    if (auto* known = weaker.find(entry.key)) {
      known->at = entry.at;
      merge(*known->value, std::move(entry.value));
    } else {
      weaker.entries.push_back(std::move(entry));
    }
  }
}

void place_all(node& tree, const position& at) {
  change_positions(tree, [&at](position& place) { place = at; });
}

void layer_all(node& tree, layer from) {
  change_positions(tree, [from](position& place) { place.from = from; });
}

const node& deepest(const node& tree, const std::string& path) {
  const auto* here = &tree;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const auto end = std::min(path.find_first_of(".[]", begin), path.size());
    const auto step = path.substr(begin, end - begin);
    begin = end + 1;
    if (step.empty())
      continue;
    if (here->is == node::shape::list) {
      std::size_t index = 0;
      std::from_chars(step.data(), step.data() + step.size(), index);
      if (index >= here->items.size())
        break;
      here = here->items[index].get();
    } else {
      const auto* entry = here->find(step);
      if (!entry)
        break;
      here = entry->value.get();
    }
  }
  return *here;
}

} // namespace souk::experiments
