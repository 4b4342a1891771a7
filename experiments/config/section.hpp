#pragma once

#include "core/error.hpp"
#include "core/ids.hpp"
#include "experiments/config/node.hpp"
#include "experiments/config/rule.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace souk::experiments {

/// What the words of an enumeration stand for.
template <class Enum>
using words_for = std::vector<std::pair<std::string, Enum>>;

/// One map of an experiment: declares the keys it may have and reads them, in one go.
///
///   void read_kl(section kl, model_options& options) {
///     kl.read("cap", options.kl_cap, not_negative());
///     kl.read("anneal_steps", options.kl_anneal_steps);
///     kl.finish();
///   }
///
/// The value that a field has before `read` is its default; it is written into the
/// tree, so that the resolved file is complete. Everything that is wrong throws
/// `core::error` (of the request) in one line: "file:line:column: model.kl.cap: what;
/// remedy".
///
/// A section is a handle: it lives as long as its document.
class section {
public:
  section(node& map, std::string path);

  /// Its dotted path ("model.kl", "baselines[1]"), empty for the whole file.
  const std::string& path() const {
    return path_;
  }

  /// Where it begins.
  const position& place() const {
    return map_->at;
  }

  /// Declares a key; whether it has a value other than `null`.
  bool has(const std::string& key);

  /// Opens the map under a key; without one, a map of defaults.
  section at(const std::string& key);

  /// Like `at`, but the key must be there.
  section require_at(const std::string& key);

  /// Opens a map that has a `kind`. A word alone stands for {kind: word}; without the
  /// key it is `default_kind`.
  section variant(const std::string& key, const std::string& default_kind);

  /// Opens a list of such maps; without the key, one per default kind.
  std::vector<section> variants(const std::string& key,
                                const std::vector<std::string>& default_kinds = {});

  /// The same where a single one needs no list.
  std::vector<section> one_or_more(const std::string& key,
                                   const std::vector<std::string>& default_kinds);

  /// Reads a value if the key is there. Types: bool, integers, double, std::string,
  /// std::optional of these (`null`, or the rule's word), std::vector and
  /// std::map<std::string, ...> of these.
  template <class T>
  void read(const std::string& key, T& value, const rule& rules = {}) {
    if (auto* found = value_of(key))
      read_node(*found, key, value, rules);
    else
      note_default(key, made_of(value, rules));
  }

  /// Reads a value that must be there.
  template <class T>
  void require(const std::string& key, T& value, const rule& rules = {}) {
    auto* found = value_of(key);
    if (!found)
      throw missing(key);
    read_node(*found, key, value, rules);
  }

  /// Reads one word of an enumeration. The default must have a word.
  template <class Enum>
  void read_word(const std::string& key, Enum& value, const words_for<Enum>& words) {
    std::vector<std::string> known;
    std::string word;
    for (const auto& [name, meaning] : words) {
      known.push_back(name);
      if (meaning == value)
        word = name;
    }
    core::expects(!word.empty(), "the default of an enumeration has a word");
    read(key, word, one_of(known));
    for (const auto& [name, meaning] : words)
      if (name == word)
        value = meaning;
  }

  /// Reads a time: whole milliseconds, or a number with a unit (`90s`, `6h`, `14d`).
  void
  read_duration(const std::string& key, core::time_ms& value, const rule& rules = {});

  /// Refuses keys that nobody declared, naming the nearest one that somebody did.
  void finish();

  /// Returns an error (of the request) at a key of this section, or, where it has none,
  /// at the section itself.
  core::error error_at(const std::string& key,
                       const std::string& what,
                       const std::string& remedy) const;

private:
  node* value_of(const std::string& key);
  void note_default(const std::string& key, std::unique_ptr<node> value);
  core::error missing(const std::string& key) const;
  core::error wrong(const node& at,
                    const std::string& key,
                    const std::string& what,
                    const std::string& remedy) const;
  node& expect(node& value, const std::string& key, node::shape shape) const;
  section open(node& value, const std::string& key);
  void refuse_if(const std::optional<complaint>& found,
                 const node& at,
                 const std::string& key) const;
  void check_distinct(const node& list, const std::string& key) const;

  template <class T>
  void
  read_node(node& found, const std::string& key, T& value, const rule& rules) const {
    expect(found, key, node::shape::scalar);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      using widest =
        std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
      widest number = 0;
      refuse_if(parse(found.value, number), found, key);
      if (number < std::numeric_limits<T>::min()
          || number > std::numeric_limits<T>::max())
        throw wrong(found, key, "is out of range: " + found.value.text,
                    "it must be at most "
                      + std::to_string(std::numeric_limits<T>::max()));
      refuse_if(rules.check(static_cast<double>(number)), found, key);
      value = static_cast<T>(number);
      found.value = to_scalar(number);
    } else {
      refuse_if(parse(found.value, value), found, key);
      if constexpr (!std::is_same_v<T, bool>)
        refuse_if(rules.check(value), found, key);
      found.value = to_scalar(value);
    }
    found.was_read = true;
  }

  template <class T>
  void read_node(node& found,
                 const std::string& key,
                 std::optional<T>& value,
                 const rule& rules) const {
    const auto is_word = found.is == node::shape::scalar && !found.value.quoted
                         && !rules.word_for_nothing.empty()
                         && found.value.text == rules.word_for_nothing;
    if (is_word || found.is_nothing()) {
      found.value = nothing_of(rules);
      found.was_read = true;
      value.reset();
      return;
    }
    T present{};
    read_node(found, key, present, rules);
    value = std::move(present);
  }

  template <class T>
  void read_node(node& found,
                 const std::string& key,
                 std::vector<T>& value,
                 const rule& rules) const {
    expect(found, key, node::shape::list);
    refuse_if(rules.check_size(found.items.size()), found, key);
    std::vector<T> read;
    for (std::size_t i = 0; i < found.items.size(); ++i) {
      T item{};
      read_node(*found.items[i], key + '[' + std::to_string(i) + ']', item, rules);
      read.push_back(std::move(item));
    }
    if (rules.distinct_entries)
      check_distinct(found, key);
    found.was_read = true;
    value = std::move(read);
  }

  template <class T>
  void read_node(node& found,
                 const std::string& key,
                 std::map<std::string, T>& value,
                 const rule& rules) const {
    expect(found, key, node::shape::map);
    refuse_if(rules.check_size(found.entries.size()), found, key);
    std::map<std::string, T> read;
    for (auto& entry : found.entries) {
      T item{};
      read_node(*entry.value, key + '.' + entry.key, item, rules);
      found.declared.push_back(entry.key);
      read.emplace(entry.key, std::move(item));
    }
    found.was_read = true;
    value = std::move(read);
  }

  static scalar nothing_of(const rule& rules) {
    return rules.word_for_nothing.empty() ? no_value()
                                          : scalar{rules.word_for_nothing, false};
  }

  static std::unique_ptr<node> made_of_scalar(scalar value);
  static void add_entry(node& map, const std::string& key, std::unique_ptr<node> value);

  template <class T>
  static std::unique_ptr<node> made_of(const T& value, const rule&) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      return made_of_scalar(
        to_scalar(static_cast<
                  std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(
          value)));
    else
      return made_of_scalar(to_scalar(value));
  }

  template <class T>
  static std::unique_ptr<node> made_of(const std::optional<T>& value,
                                       const rule& rules) {
    return value ? made_of(*value, rules) : made_of_scalar(nothing_of(rules));
  }

  template <class T>
  static std::unique_ptr<node> made_of(const std::vector<T>& value, const rule& rules) {
    auto made = made_of_scalar({});
    made->is = node::shape::list;
    for (const auto& item : value)
      made->items.push_back(made_of(static_cast<const T&>(item), rules));
    return made;
  }

  template <class T>
  static std::unique_ptr<node> made_of(const std::map<std::string, T>& value,
                                       const rule& rules) {
    auto made = made_of_scalar({});
    made->is = node::shape::map;
    for (const auto& [key, item] : value)
      add_entry(*made, key, made_of(item, rules));
    return made;
  }

  node* map_;
  std::string path_;
};

/// Refuses every key in a tree that nobody declared and every value that nobody read.
void check_all_read(node& tree, const std::string& path);

} // namespace souk::experiments
