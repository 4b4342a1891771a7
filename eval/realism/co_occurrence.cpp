#include "eval/realism/co_occurrence.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace souk::eval::realism {

namespace {

constexpr auto unpopular = std::numeric_limits<std::uint32_t>::max();

/// Numbers the popular items from 0, [items]; the others are `unpopular`.
std::vector<std::uint32_t> number_popular(const visit_log& log) {
  std::vector<std::uint64_t> counts(log.tenth.size());
  for (const auto& event : log.events)
    ++counts[event.item];
  std::vector<std::uint32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return counts[a] > counts[b]; });
  std::vector<std::uint32_t> numbers(counts.size(), unpopular);
  for (std::uint32_t i = 0; i < order.size() && i < co_occurrences::num_items; ++i)
    numbers[order[i]] = i;
  return numbers;
}

} // namespace

co_occurrences::co_occurrences(const visit_log& log) {
  const auto numbers = number_popular(log);
  for (std::uint32_t user = 0; user < log.num_users(); ++user)
    for (auto v = log.offsets[user]; v < log.offsets[user + 1]; ++v) {
      std::vector<std::uint32_t> present;
      for (auto i = log.visits[v].first; i < log.visits[v].last; ++i)
        if (numbers[log.events[i].item] != unpopular)
          present.push_back(numbers[log.events[i].item]);
      std::sort(present.begin(), present.end());
      present.erase(std::unique(present.begin(), present.end()), present.end());
      sessions_.push_back(std::move(present));
      users_.push_back(user);
    }
}

std::vector<double> co_occurrences::lifts(const user_weights& weights) const {
  std::vector<double> single(num_items);
  std::vector<double> pairs(num_items * num_items);
  auto all = 0.0;
  auto all_pairs = 0.0; // ordered
  for (std::size_t s = 0; s < sessions_.size(); ++s) {
    const auto weight = static_cast<double>(weights[users_[s]]);
    const auto present = static_cast<double>(sessions_[s].size());
    all += weight * present;
    all_pairs += weight * present * (present - 1);
    for (std::size_t a = 0; a < sessions_[s].size(); ++a) {
      single[sessions_[s][a]] += weight;
      for (std::size_t b = a + 1; b < sessions_[s].size(); ++b)
        pairs[sessions_[s][a] * num_items + sessions_[s][b]] += weight;
    }
  }
  std::vector<double> lifts;
  for (std::uint32_t a = 0; a < num_items; ++a)
    for (std::uint32_t b = a + 1; b < num_items; ++b)
      if (single[a] > 0 && single[b] > 0 && all_pairs > 0)
        lifts.push_back(pairs[a * num_items + b] * all * all
                        / (single[a] * single[b] * all_pairs));
  std::sort(lifts.begin(), lifts.end());
  return lifts;
}

double co_occurrences::expected_sessions() const {
  std::vector<double> single(num_items);
  for (const auto& session : sessions_)
    for (const auto item : session)
      single[item] += 1;
  auto sum = 0.0;
  auto pairs = 0.0;
  for (std::uint32_t a = 0; a < num_items; ++a)
    for (std::uint32_t b = a + 1; b < num_items; ++b, pairs += 1)
      sum += single[a] * single[b]
             / std::max<double>(1, static_cast<double>(sessions_.size()));
  return sum / pairs;
}

} // namespace souk::eval::realism
