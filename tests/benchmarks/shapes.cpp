#include "tests/benchmarks/shapes.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <numeric>

namespace souk::benchmarks {

namespace {

constexpr std::uint32_t min_draws = 5;

/// Draws from a distribution over 0, 1, ... by inverting its cumulative sums; a guide
/// table tells where to begin the search.
class inverse_table {
public:
  explicit inverse_table(std::vector<double> weights) : sums_{std::move(weights)} {
    std::partial_sum(sums_.begin(), sums_.end(), sums_.begin());
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < guide_.size(); ++i) {
      const auto share = static_cast<double>(i) / static_cast<double>(guide_.size());
      while (sums_[place] <= share * sums_.back())
        ++place;
      guide_[i] = place;
    }
  }

  /// Returns the number at `share` of the whole, in [0, 1).
  std::uint32_t operator()(double share) const {
    auto place =
      guide_[static_cast<std::size_t>(share * static_cast<double>(guide_.size()))];
    const auto wanted = share * sums_.back();
    while (place + 1 < sums_.size() && sums_[place] <= wanted)
      ++place;
    return place;
  }

private:
  std::vector<double> sums_;
  std::vector<std::uint32_t> guide_ = std::vector<std::uint32_t>(1U << 16);
};

inverse_table popularity_of_ranks(std::uint32_t items) {
  std::vector<double> weights;
  for (std::uint32_t rank = 1; rank <= items; ++rank)
    weights.push_back(core::portable::pow(rank, -0.9));
  return inverse_table{std::move(weights)};
}

inverse_table poisson(double mean) {
  std::vector<double> weights{core::portable::exp(-mean)};
  for (double count = 1; count < 3 * mean + 30; ++count)
    weights.push_back(weights.back() * mean / count);
  return inverse_table{std::move(weights)};
}

[[noreturn]] void refuse_csv(const std::string& path, const std::string& what) {
  throw core::error::request(what, path, "name a folder whose train.csv has uid,sid");
}

/// Reads one line "uid,sid".
std::pair<std::uint32_t, core::item_id> pair_of(const std::string& line,
                                                const std::string& path) {
  std::uint32_t user = 0;
  core::item_id item = 0;
  const auto* end = line.data() + line.size();
  const auto first = std::from_chars(line.data(), end, user);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ',')
    refuse_csv(path, "\"" + line + "\" is no pair of numbers");
  if (std::from_chars(first.ptr + 1, end, item).ec != std::errc{})
    refuse_csv(path, "\"" + line + "\" is no pair of numbers");
  return {user, item};
}

template <class T>
void write_values(const std::vector<T>& values, const std::string& path) {
  std::ofstream file{path, std::ios::binary};
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(T)));
  file.close();
  if (!file)
    throw core::error::request("cannot be written", path, "name a folder that can");
}

} // namespace

const data_shape& shape_named(const std::string& name) {
  static const std::vector<data_shape> shapes{{"ml20m", 116'677, 20'108, 78},
                                              {"ml1m", 5'034, 3'502, 125},
                                              {"tiny", 420, 301, 12}};
  for (const auto& shape : shapes)
    if (shape.name == name)
      return shape;
  throw core::error::request("the shape \"" + name + "\" is unknown", "--shape",
                             "choose ml20m, ml1m or tiny");
}

core::interactions synthetic_rows(const data_shape& shape) {
  const auto item_at = popularity_of_ranks(shape.items);
  const auto count_at = poisson(shape.draws_per_user);
  core::interactions rows;
  rows.num_items = shape.items;
  std::vector<core::item_id> row;
  for (std::uint32_t user = 0; user < shape.users; ++user) {
    const core::draw_site site{1, core::stream::synthetic_data, user, 0};
    row.resize(std::max(min_draws, count_at(core::uniform(site, 0))));
    for (std::uint32_t i = 0; i < row.size(); ++i)
      row[i] = item_at(core::uniform(site, i + 1));
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    rows.append_row(row);
  }
  return rows;
}

core::interactions read_training_csv(const std::string& folder) {
  const auto path = folder + "/train.csv";
  std::ifstream file{path};
  std::string line;
  if (!std::getline(file, line) || line.rfind("uid,sid", 0) != 0)
    refuse_csv(path, "cannot be read, or does not begin with uid,sid");
  std::map<std::uint32_t, std::vector<core::item_id>> items_of;
  core::interactions rows;
  while (std::getline(file, line)) {
    const auto [user, item] = pair_of(line, path);
    items_of[user].push_back(item);
    rows.num_items = std::max(rows.num_items, item + 1);
  }
  for (auto& [user, items] : items_of) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    rows.append_row(items);
  }
  return rows;
}

core::interactions whole_batches(const core::interactions& rows,
                                 std::uint32_t batch_users) {
  std::vector<std::uint32_t> kept(rows.num_rows() / batch_users * batch_users);
  if (kept.empty())
    throw core::error::request("there are fewer users than a batch has", "--batch",
                               "use a smaller batch");
  std::iota(kept.begin(), kept.end(), 0U);
  return core::select_rows(rows, kept);
}

void write_raw_rows(const core::interactions& rows, const std::string& folder) {
  write_values(rows.offsets, folder + "/offsets.u64");
  write_values(rows.items, folder + "/items.u32");
}

} // namespace souk::benchmarks
