#include "experiments/config/suggestion.hpp"

#include <algorithm>

namespace souk::experiments {

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

namespace {

/// Keys are short; anything longer is no typing mistake, and need not cost anything.
constexpr std::size_t longest_word = 64;

bool begins_with(const std::string& word, const std::string& beginning) {
  return beginning.size() >= 3 && word.compare(0, beginning.size(), beginning) == 0;
}

} // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > longest_word)
    return "";
  std::string best;
  auto best_distance = longest_word;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(word, candidate);
    const auto allowed =
      std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    const auto is_near = distance <= allowed && distance < candidate.size();
    const auto is_part = begins_with(word, candidate) || begins_with(candidate, word);
    if ((is_near || is_part) && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const auto meant = nearest(word, known);
  if (!meant.empty())
    return "did you mean \"" + meant + "\"?";
  if (known.empty())
    return "";
  std::string text = known.size() == 1 ? "known is only " : "known are ";
  for (std::size_t i = 0; i < known.size(); ++i)
    text += (i == 0 ? "" : ", ") + known[i];
  return text;
}

} // namespace souk::experiments
