#include "data/user_rows_file.hpp"

#include "core/digest.hpp"
#include "data/snapshot_file.hpp"
#include "examples.hpp"
#include "importing.hpp"

using namespace souk;
using tests::scratch_folder;

namespace {

/// More pairs than a chunk of a table holds; user 2 * i has i % 7 + 1 items.
core::user_rows many_rows() {
  core::user_rows all;
  all.rows.num_items = 50;
  for (core::user_id user = 0; user < 40000; ++user) {
    std::vector<core::item_id> items;
    for (core::item_id item = 0; item < user % 7 + 1; ++item)
      items.push_back(item * 3 + user % 5);
    all.users.push_back(2 * user);
    all.rows.append_row(items);
  }
  return all;
}

} // namespace

TEST_CASE("rows of users come back from their file as they were",
          "[data][user_rows_file]") {
  const scratch_folder folder;
  core::user_rows none;
  none.rows.num_items = 3;
  for (const auto& rows : {many_rows(), none}) {
    data::write_user_rows(folder / "rows.h5", rows);
    CHECK(core::same_rows(data::read_user_rows(folder / "rows.h5"), rows));
  }
}

TEST_CASE("rows that make no sense are refused", "[data][user_rows_file]") {
  const scratch_folder folder;
  const auto refusal = [&](core::user_rows rows) {
    data::write_user_rows(folder / "rows.h5", rows);
    return test::error_of([&] { data::read_user_rows(folder / "rows.h5"); });
  };
  const auto rows_of = [](std::vector<core::user_id> users,
                          std::vector<core::item_id> items) {
    core::user_rows rows{std::move(users), {}};
    rows.rows.num_items = 10;
    for (std::size_t i = 0; i < rows.users.size(); ++i)
      rows.rows.append_row({items.data() + i, 1});
    return rows;
  };
  CHECK(refusal(rows_of({1, 2}, {5, 5})).empty());
  CHECK(refusal(rows_of({2, 1}, {5, 5})).find("row 1 makes no sense")
        != std::string::npos);
  CHECK(refusal(rows_of({1, 1}, {5, 5})).find("row 1 makes no sense")
        != std::string::npos);
  CHECK(refusal(rows_of({1, 2}, {5, 10})).find("row 1 makes no sense")
        != std::string::npos);
  data::write_snapshot(folder / "rows.h5", test::example_snapshot(), {});
  CHECK(test::error_of([&] {
          data::read_user_rows(folder / "rows.h5");
        }).find("no user_rows file but one of kind model")
        != std::string::npos);
}
