#include "sim/user_attributes.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

constexpr std::size_t max_segment_values = 12;
constexpr std::size_t max_segment_columns = 8;

core::attribute_column category(std::string name, std::vector<std::string> values) {
  core::attribute_column column;
  column.name = std::move(name);
  column.vocabulary = std::move(values);
  return column;
}

// Shares of a population, and what depends on the age band (rows).
constexpr double age_shares[] = {0.14, 0.24, 0.22, 0.18, 0.13, 0.09};
constexpr double gender_shares[] = {0.51, 0.47, 0.02};
constexpr double region_shares[] = {0.28, 0.17, 0.25, 0.18, 0.12};
constexpr double income_by_age[6][3] = {{0.60, 0.35, 0.05}, {0.35, 0.50, 0.15},
                                        {0.25, 0.50, 0.25}, {0.22, 0.48, 0.30},
                                        {0.27, 0.48, 0.25}, {0.40, 0.45, 0.15}};
constexpr double device_by_age[6][3] = {{0.80, 0.15, 0.05}, {0.70, 0.22, 0.08},
                                        {0.58, 0.30, 0.12}, {0.48, 0.38, 0.14},
                                        {0.40, 0.44, 0.16}, {0.32, 0.52, 0.16}};

} // namespace

user_attributes user_attributes::generated() {
  core::attribute_table table;
  table.columns = {
    category("age_band", {"18-24", "25-34", "35-44", "45-54", "55-64", "65+"}),
    category("gender", {"female", "male", "other"}),
    category("region", {"north", "east", "south", "west", "centre"}),
    category("income_band", {"low", "middle", "high"}),
    category("device", {"phone", "desktop", "tablet"}),
  };
  std::vector<double> weights;
  for (std::uint32_t age = 0; age < 6; ++age)
    for (std::uint32_t gender = 0; gender < 3; ++gender)
      for (std::uint32_t region = 0; region < 5; ++region)
        for (std::uint32_t income = 0; income < 3; ++income)
          for (std::uint32_t device = 0; device < 3; ++device) {
            const std::uint32_t codes[] = {age, gender, region, income, device};
            for (std::size_t i = 0; i < 5; ++i)
              table.columns[i].codes.push_back(codes[i]);
            weights.push_back(age_shares[age] * gender_shares[gender]
                              * region_shares[region] * income_by_age[age][income]
                              * device_by_age[age][device]);
          }
  table.num_rows = weights.size();
  return {std::move(table), std::move(weights)};
}

user_attributes user_attributes::of_dataset(const core::attribute_table& users,
                                            core::span<const core::user_id> rows) {
  core::attribute_table known;
  known.num_rows = users.num_rows;
  for (const auto& column : users.columns)
    if (column.kind != core::attribute_kind::text)
      known.columns.push_back(column);
  return {core::select_rows(known, rows), std::vector<double>(rows.size(), 1.0)};
}

user_attributes::user_attributes(core::attribute_table profiles,
                                 std::vector<double> weights)
  : profiles_{std::move(profiles)} {
  auto sum = 0.0;
  for (const auto weight : weights)
    cumulative_.push_back(sum += weight);
  for (auto& value : cumulative_)
    value /= sum;
  std::vector<std::vector<std::uint16_t>> by_profile(profiles_.num_rows);
  std::size_t used = 0;
  for (const auto& column : profiles_.columns) {
    if (used == max_segment_columns)
      break;
    ++used;
    if (column.kind == core::attribute_kind::category
        && column.vocabulary.size() <= max_segment_values)
      add_categories(column, by_profile);
    else if (column.kind == core::attribute_kind::number)
      add_quarters(column, by_profile);
    else
      --used;
  }
  for (const auto& segments : by_profile) {
    profile_segments_.insert(profile_segments_.end(), segments.begin(), segments.end());
    segment_offsets_.push_back(profile_segments_.size());
  }
}

void user_attributes::add_categories(
  const core::attribute_column& column,
  std::vector<std::vector<std::uint16_t>>& by_profile) {
  const auto first = segments_.size();
  for (const auto& value : column.vocabulary)
    segments_.push_back(column.name + "=" + value);
  for (std::size_t row = 0; row < by_profile.size(); ++row)
    if (column.codes[row] != core::no_code)
      by_profile[row].push_back(static_cast<std::uint16_t>(first + column.codes[row]));
}

void user_attributes::add_quarters(
  const core::attribute_column& column,
  std::vector<std::vector<std::uint16_t>>& by_profile) {
  std::vector<double> sorted;
  for (const auto number : column.numbers)
    if (!std::isnan(number))
      sorted.push_back(number);
  if (sorted.empty())
    return;
  std::sort(sorted.begin(), sorted.end());
  const auto first = segments_.size();
  double edges[3];
  for (std::size_t i = 0; i < 3; ++i)
    edges[i] = sorted[sorted.size() * (i + 1) / 4];
  for (const auto* quarter : {"lowest", "low", "high", "highest"})
    segments_.push_back(column.name + "=" + quarter + " quarter");
  for (std::size_t row = 0; row < by_profile.size(); ++row) {
    const auto number = column.numbers[row];
    if (std::isnan(number))
      continue;
    const auto quarter = std::upper_bound(edges, edges + 3, number) - edges;
    by_profile[row].push_back(
      static_cast<std::uint16_t>(first + static_cast<std::size_t>(quarter)));
  }
}

std::uint32_t user_attributes::draw(std::uint64_t seed, core::user_id user) const {
  const auto number = core::uniform({seed, core::stream::attributes, user, 0}, 0);
  const auto above =
    std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, number);
  return static_cast<std::uint32_t>(above - cumulative_.begin());
}

double user_attributes::share(std::uint32_t profile) const {
  return cumulative_[profile] - (profile == 0 ? 0.0 : cumulative_[profile - 1]);
}

core::span<const std::uint16_t>
user_attributes::segments_of(std::uint32_t profile) const {
  return {profile_segments_.data() + segment_offsets_[profile],
          segment_offsets_[profile + 1] - segment_offsets_[profile]};
}

} // namespace souk::sim
