#include "models/segment_popularity.hpp"

#include "core/error.hpp"
#include "models/popularity.hpp"
#include "models/segments.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace souk::models {

namespace {

/// The users with one value of one attribute: the column's number, then the code.
using group_key = std::pair<std::uint32_t, std::uint32_t>;

/// Appends which items a group's users have, and how often.
void append_counts(const core::interactions& rows,
                   const std::vector<std::size_t>& users,
                   std::vector<std::uint32_t>& items,
                   std::vector<std::uint32_t>& counts) {
  std::map<core::item_id, std::uint32_t> count_of;
  for (const auto user : users)
    for (const auto item : rows.row(user))
      ++count_of[item];
  for (const auto& [item, count] : count_of) {
    items.push_back(item);
    counts.push_back(count);
  }
}

void store_integers(core::snapshot& model,
                    const std::string& name,
                    std::vector<std::uint32_t> values) {
  const std::uint64_t size = values.size();
  model.tensors[name] = {{size}, {}, std::move(values)};
}

void store_groups(const core::interactions& rows,
                  const std::map<group_key, std::vector<std::size_t>>& groups,
                  core::snapshot& model) {
  std::vector<std::uint32_t> keys;
  std::vector<std::uint32_t> num_users;
  std::vector<std::uint32_t> offsets{0};
  std::vector<std::uint32_t> items;
  std::vector<std::uint32_t> counts;
  for (const auto& [key, users] : groups) {
    keys.push_back(key.first);
    keys.push_back(key.second);
    num_users.push_back(static_cast<std::uint32_t>(users.size()));
    append_counts(rows, users, items, counts);
    offsets.push_back(static_cast<std::uint32_t>(items.size()));
  }
  model.options["groups"] = std::to_string(groups.size());
  model.tensors["keys"] = {{groups.size(), 2}, {}, std::move(keys)};
  store_integers(model, "users", std::move(num_users));
  store_integers(model, "offsets", std::move(offsets));
  store_integers(model, "items", std::move(items));
  store_integers(model, "counts", std::move(counts));
}

const std::vector<std::uint32_t>&
values_of(const core::snapshot& model, const std::string& name, std::uint64_t size) {
  return integers_of(model, name, {size}).integers;
}

class segment_scorer : public scorer {
public:
  explicit segment_scorer(core::snapshot model);

  std::size_t num_items() const override {
    return shares_.size();
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

  /// Writes the scores of a user who belongs to these groups.
  void score(const std::vector<std::size_t>& groups,
             core::item_id first_item,
             core::span<float> out) const;

private:
  std::vector<std::vector<std::size_t>> groups_of(const request_rows& rows) const;

  core::snapshot model_;
  std::vector<segment_column> columns_;
  std::map<group_key, std::size_t> groups_;
  std::vector<float> shares_; ///< of everybody, [num_items]
  const std::vector<std::uint32_t>& offsets_;
  const std::vector<std::uint32_t>& items_;
  const std::vector<std::uint32_t>& counts_;
  const std::vector<std::uint32_t>& users_;
  float smoothing_;
};

class prepared_segments : public prepared_rows {
public:
  prepared_segments(const segment_scorer& model,
                    std::vector<std::vector<std::size_t>> groups)
    : model_{model}, groups_{std::move(groups)} {
    // nop
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    for (std::size_t row = 0; row < groups_.size(); ++row)
      model_.score(groups_[row], first_item, {out.row(row), out.columns});
  }

private:
  const segment_scorer& model_;
  std::vector<std::vector<std::size_t>> groups_;
};

segment_scorer::segment_scorer(core::snapshot model)
  : model_{std::move(model)}, columns_{load_segment_columns(model_)},
    shares_{load_item_counts(model_, whole_number(model_, "num_items"))},
    offsets_{values_of(model_, "offsets", whole_number(model_, "groups") + 1)},
    items_{values_of(model_, "items", offsets_.back())},
    counts_{values_of(model_, "counts", offsets_.back())},
    users_{values_of(model_, "users", whole_number(model_, "groups"))},
    smoothing_{floats_of(model_, "smoothing", {1}).floats[0]} {
  if (!std::is_sorted(offsets_.begin(), offsets_.end()) || offsets_.front() != 0)
    refuse_snapshot(model_, "the tensor \"offsets\" does not ascend");
  if (!(smoothing_ > 0))
    refuse_snapshot(model_, "the tensor \"smoothing\" is not positive");
  for (const auto item : items_)
    if (item >= shares_.size() || shares_[item] == 0)
      refuse_snapshot(model_, "the tensor \"items\" names an unknown item");
  const auto num_users = static_cast<float>(whole_number(model_, "num_users"));
  for (auto& share : shares_)
    share /= std::max(num_users, 1.0F);
  const auto& keys = integers_of(model_, "keys", {users_.size(), 2}).integers;
  for (std::size_t group = 0; group < users_.size(); ++group)
    groups_.emplace(group_key{keys[2 * group], keys[2 * group + 1]}, group);
}

std::vector<std::vector<std::size_t>>
segment_scorer::groups_of(const request_rows& rows) const {
  std::vector<std::vector<std::size_t>> groups(rows.size());
  if (rows.request.attributes == nullptr)
    return groups;
  std::vector<std::uint32_t> numbers;
  for (auto row = rows.begin; row < rows.end; ++row)
    numbers.push_back(static_cast<std::uint32_t>(row));
  const auto codes =
    segment_codes(columns_, select_rows(*rows.request.attributes, numbers));
  for (std::size_t row = 0; row < codes.size(); ++row)
    for (std::uint32_t column = 0; column < columns_.size(); ++column)
      if (const auto found = groups_.find({column, codes[row][column]});
          found != groups_.end())
        groups[row].push_back(found->second);
  return groups;
}

std::unique_ptr<prepared_rows> segment_scorer::prepare(const request_rows& rows) const {
  return std::make_unique<prepared_segments>(*this, groups_of(rows));
}

void segment_scorer::score(const std::vector<std::size_t>& groups,
                           core::item_id first_item,
                           core::span<float> out) const {
  std::copy_n(shares_.data() + first_item, out.size(), out.begin());
  for (const auto group : groups) {
    // (count + smoothing * share) / (users + smoothing) / share, of which the part that
    // all items have in common comes first.
    const auto users = static_cast<float>(users_[group]);
    const auto without_count = smoothing_ / (users + smoothing_);
    for (auto& score : out)
      score *= without_count;
    const auto last = items_.begin() + offsets_[group + 1];
    auto place = std::lower_bound(items_.begin() + offsets_[group], last, first_item);
    for (; place != last && *place - first_item < out.size(); ++place) {
      const auto count = counts_[static_cast<std::size_t>(place - items_.begin())];
      out[*place - first_item] *=
        1.0F + static_cast<float>(count) / (smoothing_ * shares_[*place]);
    }
  }
}

void check(const model_options& options, const std::vector<segment_column>& columns) {
  const auto refuse = [](const std::string& what, const std::string& remedy) {
    throw core::error::request(what, "model segment_popularity", remedy);
  };
  if (!(options.smoothing > 0))
    refuse("smoothing is not positive", "choose a number of users, such as 200");
  std::string names;
  for (const auto& name : options.segments)
    names += (names.empty() ? "" : ", ") + name;
  if (columns.empty())
    refuse("the users have none of the attributes " + names,
           "name attributes of the data under segments, or leave this model out");
}

} // namespace

void check_segments(const model_options& options, const core::attribute_table& users) {
  check(options, segment_columns(users, options.segments));
}

core::snapshot fit_segment_popularity(const model_options& options,
                                      const training_set& data) {
  const auto columns = data.attributes == nullptr
                         ? std::vector<segment_column>{}
                         : segment_columns(*data.attributes, options.segments);
  check(options, columns);
  const auto codes = segment_codes(columns, *data.attributes);
  core::expects(codes.size() == data.rows->num_rows(), "every user has attributes");
  std::map<group_key, std::vector<std::size_t>> groups;
  for (std::size_t user = 0; user < codes.size(); ++user)
    for (std::uint32_t column = 0; column < columns.size(); ++column)
      if (codes[user][column] != core::no_code)
        groups[{column, codes[user][column]}].push_back(user);
  core::snapshot model;
  model.kind = "segment_popularity";
  model.options["num_users"] = std::to_string(data.rows->num_rows());
  model.tensors["smoothing"] = {{1}, {static_cast<float>(options.smoothing)}, {}};
  store(columns, model);
  store_item_counts(*data.rows, model);
  store_groups(*data.rows, groups, model);
  return model;
}

std::unique_ptr<scorer> make_segment_popularity_scorer(core::snapshot model) {
  return std::make_unique<segment_scorer>(std::move(model));
}

} // namespace souk::models
