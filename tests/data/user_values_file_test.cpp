#include "data/user_values_file.hpp"

#include "data/user_rows_file.hpp"
#include "examples.hpp"
#include "importing.hpp"

using namespace souk;
using tests::scratch_folder;

namespace {

/// More values than a chunk of a table holds.
std::vector<data::user_values> many_values() {
  std::vector<data::user_values> all;
  for (const auto* model : {"ease", "mult_vae"})
    for (const auto* metric : {"recall@20", "ndcg@100"}) {
      auto& part = all.emplace_back();
      part.model = model;
      part.metric = metric;
      for (core::user_id user = 0; user < 9000; ++user) {
        part.users.push_back(3 * user);
        part.values.push_back(1.0 / (user + 7.0));
      }
    }
  return all;
}

} // namespace

TEST_CASE("values of users come back from their file as they were",
          "[data][user_values_file]") {
  const scratch_folder folder;
  const auto before = many_values();
  data::write_user_values(folder / "values.h5", before);
  const auto after = data::read_user_values(folder / "values.h5");
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i].model == before[i].model);
    CHECK(after[i].metric == before[i].metric);
    CHECK(after[i].users == before[i].users);
    CHECK(after[i].values == before[i].values);
  }
  data::write_user_values(folder / "none.h5", {});
  CHECK(data::read_user_values(folder / "none.h5").empty());
}

TEST_CASE("another file is no file of values", "[data][user_values_file]") {
  const scratch_folder folder;
  core::user_rows rows;
  rows.rows.num_items = 2;
  data::write_user_rows(folder / "rows.h5", rows);
  CHECK(test::error_of([&] {
          data::read_user_values(folder / "rows.h5");
        }).find("no user_values file but one of kind user_rows")
        != std::string::npos);
}
