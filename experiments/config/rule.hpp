#pragma once

#include "experiments/config/scalar.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

/// What a value must satisfy beyond its type. Rules are joined with `&`. For lists and
/// maps, rules of numbers and words hold for every entry, rules of size for the whole.
class rule {
public:
  using number_check = std::function<std::optional<complaint>(double)>;
  using text_check = std::function<std::optional<complaint>(const std::string&)>;
  using size_check = std::function<std::optional<complaint>(std::size_t)>;

  /// Holds for everything.
  rule() = default;

  static rule of_numbers(number_check check);
  static rule of_text(text_check check);
  static rule of_size(size_check check);

  friend rule operator&(rule a, const rule& b);

  std::optional<complaint> check(double value) const;
  std::optional<complaint> check(const std::string& value) const;
  std::optional<complaint> check_size(std::size_t size) const;

  /// The word that stands for no value ("never"), besides `null`; may be empty.
  std::string word_for_nothing;
  /// Whether two entries of a list may be equal.
  bool distinct_entries = false;

private:
  std::vector<number_check> number_checks_;
  std::vector<text_check> text_checks_;
  std::vector<size_check> size_checks_;
};

rule positive();
rule not_negative();
rule at_least(double low);
rule at_most(double high);
/// From `low` to `high`, both included.
rule between(double low, double high);
/// From `low`, included, up to `high`, excluded.
rule from_to_below(double low, double high);
rule power_of_two();

/// One of these words; suggests the nearest.
rule one_of(std::vector<std::string> words);
/// Whether a file or a folder of a run can have this name.
bool is_file_name(const std::string& name);

/// Such a name, else `what` is wrong.
rule file_name(std::string what);

/// Text for which `holds`, else `what` is wrong ("must look like ndcg@100").
rule text_where(std::function<bool(const std::string&)> holds,
                std::string what,
                std::string remedy);
/// A path that exists, seen from the working directory.
rule existing_path();
rule existing_file();
rule existing_folder();

/// Lists, maps and text that hold something.
rule not_empty();
/// Lists and maps of at most `most` entries.
rule at_most_entries(std::size_t most);
/// Lists without repetitions.
rule distinct();

/// An optional value may be written as this word ("never", "all") besides `null`.
rule or_word(std::string word);

} // namespace souk::experiments
