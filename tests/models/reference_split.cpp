#include "tests/models/reference_split.hpp"

#include "tests/models/toy_attributes.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

namespace souk::models::testing {

namespace {

const std::string folder = "../shared/reference/ml-1m/";
const std::string user_file = "../shared/data/ml-1m/users.dat";

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

/// Reads "uid,sid" pairs; rows ascend by user.
core::interactions read_pairs(const std::string& name,
                              std::uint32_t num_items,
                              std::vector<std::uint32_t>& users) {
  std::map<std::uint32_t, std::vector<core::item_id>> rows;
  const auto lines = lines_of(folder + name);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::istringstream line{lines[i]};
    std::uint32_t user = 0;
    core::item_id item = 0;
    char comma = 0;
    line >> user >> comma >> item;
    rows[user].push_back(item);
  }
  core::interactions read;
  read.num_items = num_items;
  for (auto& [user, items] : rows) {
    std::sort(items.begin(), items.end());
    read.append_row(items);
    users.push_back(user);
  }
  return read;
}

using user_table = std::map<std::string, std::array<std::string, 3>>;

/// Reads "id::gender::age::occupation::zip".
user_table read_users() {
  user_table users;
  for (const auto& line : lines_of(user_file)) {
    std::array<std::string, 4> fields;
    std::size_t begin = 0;
    for (auto& field : fields) {
      const auto end = line.find("::", begin);
      field = line.substr(begin, end - begin);
      begin = end + 2;
    }
    users[fields[0]] = {fields[1], fields[2], fields[3]};
  }
  return users;
}

core::attribute_table attributes_of(const std::vector<std::uint32_t>& users,
                                    const std::vector<std::string>& ids,
                                    const user_table& table) {
  std::vector<std::string> genders;
  std::vector<double> ages;
  std::vector<std::string> occupations;
  for (const auto user : users) {
    const auto& [gender, age, occupation] = table.at(ids[user]);
    genders.push_back(gender);
    ages.push_back(std::stod(age));
    occupations.push_back(occupation);
  }
  return {users.size(),
          {category("gender", genders), number("age", ages),
           category("occupation", occupations)}};
}

double discount(std::size_t place) {
  return 1 / std::log2(static_cast<double>(place + 2));
}

} // namespace

std::optional<reference_split> load_ml_1m() {
  const auto items = lines_of(folder + "unique_sid.txt");
  const auto ids = lines_of(folder + "unique_uid.txt");
  const auto table = read_users();
  if (items.empty() || ids.empty() || table.empty()) {
    WARN("skipped: the ml-1m reference split is not on this machine");
    return std::nullopt;
  }
  const auto num_items = static_cast<std::uint32_t>(items.size());
  reference_split split;
  std::vector<std::uint32_t> training_users;
  std::vector<std::uint32_t> test_users;
  std::vector<std::uint32_t> held_out_users;
  split.training = read_pairs("train.csv", num_items, training_users);
  split.fold_in = read_pairs("test_tr.csv", num_items, test_users);
  split.held_out = read_pairs("test_te.csv", num_items, held_out_users);
  REQUIRE(held_out_users == test_users);
  split.training_users = attributes_of(training_users, ids, table);
  split.test_users = attributes_of(test_users, ids, table);
  return split;
}

quality evaluate(const core::recommender& model,
                 const reference_split& split,
                 bool knows_history) {
  core::interactions nothing;
  nothing.num_items = split.fold_in.num_items;
  nothing.offsets.assign(split.fold_in.offsets.size(), 0);
  core::rank_request request;
  request.history = knows_history ? &split.fold_in : &nothing;
  request.excluded = &split.fold_in;
  request.attributes = &split.test_users;
  request.slate_size = 100;
  const auto slates = model.rank(request);
  quality sum;
  for (std::size_t user = 0; user < slates.num_rows(); ++user) {
    const auto held_out = split.held_out.row(user);
    std::array<double, 3> found{};
    double ideal = 0;
    for (std::size_t place = 0; place < 100; ++place) {
      if (place < held_out.size())
        ideal += discount(place);
      if (!std::binary_search(held_out.begin(), held_out.end(),
                              slates.row(user)[place]))
        continue;
      found[0] += place < 20 ? 1 : 0;
      found[1] += place < 50 ? 1 : 0;
      found[2] += discount(place);
    }
    const auto num_held_out = static_cast<double>(held_out.size());
    sum.recall_20 += found[0] / std::min(20.0, num_held_out);
    sum.recall_50 += found[1] / std::min(50.0, num_held_out);
    sum.ndcg_100 += found[2] / ideal;
  }
  const auto users = static_cast<double>(slates.num_rows());
  return {sum.recall_20 / users, sum.recall_50 / users, sum.ndcg_100 / users};
}

} // namespace souk::models::testing
