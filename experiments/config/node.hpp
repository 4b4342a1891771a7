#pragma once

#include "experiments/config/position.hpp"
#include "experiments/config/scalar.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// A value of an experiment with the place where it was decided.
struct node {
  enum class shape { scalar, list, map };

  struct entry {
    std::string key;
    position at; ///< of the key
    std::unique_ptr<node> value;
  };

  shape is = shape::scalar;
  scalar value;                             ///< of a scalar
  std::vector<std::unique_ptr<node>> items; ///< of a list
  std::vector<entry> entries;               ///< of a map, in the order of the file
  position at;
  bool in_flow_style = false; ///< a list or map in brackets

  // What readers did with it.
  bool was_read = false;
  std::vector<std::string> declared; ///< keys that readers asked a map for

  /// Whether it is a scalar that says "no value".
  bool is_nothing() const;

  /// Returns a map's entry of that key, or null.
  entry* find(const std::string& key);
  const entry* find(const std::string& key) const;
};

/// "a list", "a map", or the scalar for a message.
std::string described(const node& what);

/// Lets what `stronger` says win over `weaker`, map by map, key by key; lists and
/// scalars are replaced as a whole. A map whose `kind` differs is replaced as a whole
/// too, because its other keys belong to the other kind; a word counts as a map that
/// only has this kind.
void merge(node& weaker, std::unique_ptr<node> stronger);

/// Turns a word into a map that has it as its `kind`.
void turn_into_kind(node& word);

/// Gives a tree and all its keys the position of one override.
void place_all(node& tree, const position& at);

/// Gives a tree and all its keys this layer.
void layer_all(node& tree, layer from);

/// Follows a dotted path ("model.kl.cap", "baselines[1].l2"); returns the last node on
/// the way that exists.
const node& deepest(const node& tree, const std::string& path);

} // namespace souk::experiments
