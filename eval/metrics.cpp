#include "eval/metrics.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace souk::eval {

namespace {

/// Slates are held in memory for a block of users: a longer one is surely a mistake.
constexpr std::size_t cutoff_max = 100000;

constexpr std::array<std::pair<const char*, metric_kind>, 6> names{{
  {"recall", metric_kind::recall},
  {"precision", metric_kind::precision},
  {"ndcg", metric_kind::ndcg},
  {"hit_rate", metric_kind::hit_rate},
  {"mrr", metric_kind::mrr},
  {"coverage", metric_kind::coverage},
}};

core::error not_a_metric(const std::string& text, std::string what) {
  std::string known;
  for (const auto& [name, kind] : names)
    known += (known.empty() ? "" : ", ") + std::string{name};
  return core::error::request(std::move(what), "metric \"" + text + "\"",
                              "write one of " + known
                                + " with a cutoff, as in ndcg@100");
}

bool is_among(core::item_id item, core::span<const core::item_id> held_out) {
  return std::binary_search(held_out.begin(), held_out.end(), item);
}

} // namespace

metric parse_metric(const std::string& text) {
  const auto at = text.find('@');
  const auto name = text.substr(0, at);
  const auto known = std::find_if(
    names.begin(), names.end(), [&](const auto& entry) { return entry.first == name; });
  if (known == names.end())
    throw not_a_metric(text, "there is no metric of this name");
  if (at == std::string::npos)
    throw not_a_metric(text, "the cutoff is missing");
  metric parsed{known->second, 0};
  const auto* last = text.data() + text.size();
  const auto [end, code] = std::from_chars(text.data() + at + 1, last, parsed.k);
  if (code != std::errc{} || end != last || parsed.k == 0 || parsed.k > cutoff_max)
    throw not_a_metric(text, "the cutoff is not a whole number from 1 to "
                               + std::to_string(cutoff_max));
  return parsed;
}

std::vector<metric> parse_metrics(const std::vector<std::string>& texts) {
  if (texts.empty())
    throw core::error::request("there is no metric to evaluate by", "metrics",
                               "name at least one, as in ndcg@100");
  std::vector<metric> parsed;
  for (const auto& text : texts) {
    const auto next = parse_metric(text);
    const auto same = [&](const metric& other) {
      return other.kind == next.kind && other.k == next.k;
    };
    if (std::any_of(parsed.begin(), parsed.end(), same))
      throw core::error::request("is there twice", "metric \"" + text + "\"",
                                 "name every metric once");
    parsed.push_back(next);
  }
  return parsed;
}

std::string to_string(const metric& wanted) {
  const auto known = std::find_if(names.begin(), names.end(), [&](const auto& entry) {
    return entry.second == wanted.kind;
  });
  core::expects(known != names.end(), "every kind of metric has a name");
  return std::string{known->first} + "@" + std::to_string(wanted.k);
}

std::size_t longest_cutoff(const std::vector<metric>& metrics) {
  std::size_t longest = 0;
  for (const auto& each : metrics)
    longest = std::max(longest, each.k);
  return longest;
}

judge::judge(const metric& wanted) : metric_{wanted} {
  core::expects(wanted.k > 0, "a metric looks at one place at least");
  if (wanted.kind != metric_kind::ndcg)
    return;
  ideals_.push_back(0);
  for (std::size_t place = 1; place <= wanted.k; ++place) {
    // The quotient of logarithms is exactly 1 at the first place.
    discounts_.push_back(core::portable::log(2.0)
                         / core::portable::log(static_cast<double>(place + 1)));
    ideals_.push_back(ideals_.back() + discounts_.back());
  }
}

double judge::value(core::span<const core::item_id> slate,
                    core::span<const core::item_id> held_out) const {
  core::expects(metric_.is_per_user(), "this metric has a value per user");
  core::expects(!held_out.empty(), "a judged user has held-out items");
  const auto seen = slate.subspan(0, std::min(metric_.k, slate.size()));
  const auto possible = std::min(metric_.k, held_out.size());
  if (metric_.kind == metric_kind::ndcg)
    return discounted_gain(seen, held_out) / ideals_[possible];
  std::size_t hits = 0;
  std::size_t first_hit = 0;
  for (std::size_t place = 0; place < seen.size(); ++place)
    if (is_among(seen[place], held_out) && ++hits == 1)
      first_hit = place + 1;
  const auto share_of = [hits](std::size_t whole) {
    return static_cast<double>(hits) / static_cast<double>(whole);
  };
  switch (metric_.kind) {
  case metric_kind::recall:
    return share_of(possible);
  case metric_kind::precision:
    return share_of(metric_.k);
  case metric_kind::hit_rate:
    return hits > 0 ? 1 : 0;
  default: // mrr: the others were dealt with
    return hits > 0 ? 1 / static_cast<double>(first_hit) : 0;
  }
}

double judge::discounted_gain(core::span<const core::item_id> slate,
                              core::span<const core::item_id> held_out) const {
  double gain = 0;
  for (std::size_t place = 0; place < slate.size(); ++place)
    if (is_among(slate[place], held_out))
      gain += discounts_[place];
  return gain;
}

} // namespace souk::eval
