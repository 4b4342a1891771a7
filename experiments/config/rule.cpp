#include "experiments/config/rule.hpp"

#include "experiments/config/position.hpp"
#include "experiments/config/suggestion.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

namespace souk::experiments {

namespace fs = std::filesystem;

namespace {

template <class Check>
void append(std::vector<Check>& checks, const std::vector<Check>& more) {
  checks.insert(checks.end(), more.begin(), more.end());
}

template <class Checks, class Value>
std::optional<complaint> first_complaint(const Checks& checks, const Value& value) {
  for (const auto& check : checks)
    if (auto found = check(value))
      return found;
  return std::nullopt;
}

/// A number in a message as one would write it in the file.
std::string number(double value) {
  return to_scalar(value).text;
}

rule numbers_where(bool (*holds)(double, double, double),
                   double low,
                   double high,
                   const std::string& what) {
  return rule::of_numbers(
    [holds, low, high, what](double value) -> std::optional<complaint> {
      if (holds(value, low, high))
        return std::nullopt;
      return complaint{"must be " + what + ", but is " + number(value),
                       "write a number that is " + what};
    });
}

rule path_that(bool (*is_right)(const fs::path&), const std::string& noun) {
  return rule::of_text(
    [is_right, noun](const std::string& text) -> std::optional<complaint> {
      if (is_right(text))
        return std::nullopt;
      std::error_code unknown;
      const auto is_there = fs::exists(text, unknown);
      return complaint{(is_there ? "is no " : "names no ") + noun + ": "
                         + one_line(text, 100),
                       "check the path; it is relative to the working directory"};
    });
}

} // namespace

rule rule::of_numbers(number_check check) {
  rule made;
  made.number_checks_.push_back(std::move(check));
  return made;
}

rule rule::of_text(text_check check) {
  rule made;
  made.text_checks_.push_back(std::move(check));
  return made;
}

rule rule::of_size(size_check check) {
  rule made;
  made.size_checks_.push_back(std::move(check));
  return made;
}

rule operator&(rule a, const rule& b) {
  append(a.number_checks_, b.number_checks_);
  append(a.text_checks_, b.text_checks_);
  append(a.size_checks_, b.size_checks_);
  if (!b.word_for_nothing.empty())
    a.word_for_nothing = b.word_for_nothing;
  a.distinct_entries = a.distinct_entries || b.distinct_entries;
  return a;
}

std::optional<complaint> rule::check(double value) const {
  return first_complaint(number_checks_, value);
}

std::optional<complaint> rule::check(const std::string& value) const {
  if (auto found = first_complaint(size_checks_, value.size()))
    return found;
  return first_complaint(text_checks_, value);
}

std::optional<complaint> rule::check_size(std::size_t size) const {
  return first_complaint(size_checks_, size);
}

rule positive() {
  return numbers_where([](double x, double, double) { return x > 0; }, 0, 0,
                       "positive");
}

rule not_negative() {
  return numbers_where([](double x, double, double) { return x >= 0; }, 0, 0,
                       "at least 0");
}

rule at_least(double low) {
  return numbers_where([](double x, double from, double) { return x >= from; }, low, 0,
                       "at least " + number(low));
}

rule at_most(double high) {
  return numbers_where([](double x, double, double to) { return x <= to; }, 0, high,
                       "at most " + number(high));
}

rule between(double low, double high) {
  return numbers_where(
    [](double x, double from, double to) { return x >= from && x <= to; }, low, high,
    "between " + number(low) + " and " + number(high));
}

rule from_to_below(double low, double high) {
  return numbers_where(
    [](double x, double from, double to) { return x >= from && x < to; }, low, high,
    "at least " + number(low) + " and below " + number(high));
}

rule power_of_two() {
  return numbers_where(
    [](double x, double, double) {
      int exponent = 0;
      return x >= 1 && std::frexp(x, &exponent) == 0.5;
    },
    0, 0, "a power of two");
}

rule one_of(std::vector<std::string> words) {
  return rule::of_text(
    [words = std::move(words)](const std::string& text) -> std::optional<complaint> {
      if (std::find(words.begin(), words.end(), text) != words.end())
        return std::nullopt;
      return complaint{"is no known word: \"" + one_line(text, 60) + '"',
                       suggestion(text, words)};
    });
}

bool is_file_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.'
         && std::all_of(name.begin(), name.end(), allowed);
}

rule file_name(std::string what) {
  return text_where(is_file_name, std::move(what),
                    "use letters, digits, _ - and . only");
}

rule text_where(std::function<bool(const std::string&)> holds,
                std::string what,
                std::string remedy) {
  return rule::of_text(
    [holds = std::move(holds), what = std::move(what),
     remedy = std::move(remedy)](const std::string& text) -> std::optional<complaint> {
      if (holds(text))
        return std::nullopt;
      return complaint{what + ", not \"" + one_line(text, 60) + '"', remedy};
    });
}

rule existing_path() {
  return path_that(
    [](const fs::path& path) {
      std::error_code unknown;
      return fs::exists(path, unknown);
    },
    "file or folder");
}

rule existing_file() {
  return path_that(
    [](const fs::path& path) {
      std::error_code unknown;
      return fs::is_regular_file(path, unknown);
    },
    "file");
}

rule existing_folder() {
  return path_that(
    [](const fs::path& path) {
      std::error_code unknown;
      return fs::is_directory(path, unknown);
    },
    "folder");
}

rule not_empty() {
  return rule::of_size([](std::size_t size) -> std::optional<complaint> {
    if (size > 0)
      return std::nullopt;
    return complaint{"must not be empty", "give it at least one entry or letter"};
  });
}

rule at_most_entries(std::size_t most) {
  return rule::of_size([most](std::size_t size) -> std::optional<complaint> {
    if (size <= most)
      return std::nullopt;
    return complaint{"has " + std::to_string(size) + " entries",
                     "give it at most " + std::to_string(most)};
  });
}

rule distinct() {
  rule made;
  made.distinct_entries = true;
  return made;
}

rule or_word(std::string word) {
  rule made;
  made.word_for_nothing = std::move(word);
  return made;
}

} // namespace souk::experiments
