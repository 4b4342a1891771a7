#include "core/digest.hpp"
#include "data/dataset_file.hpp"
#include "importing.hpp"

using namespace souk;
using test::error_of;
using test::import_from;
using test::pairs_in;
using tests::scratch_folder;

using strings = std::vector<std::string>;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string header = "userId,movieId,rating,timestamp\n";

} // namespace

TEST_CASE("every way for a row to be bad is an error with file, line and reason",
          "[data][import]") {
  const std::vector<std::pair<std::string, std::string>> rows{
    {"1,2,4", "the row has 3 fields where 4 are needed"},
    {"1,2,many,5", "the value \"many\" is no number"},
    {"1,2,nan,5", "the value \"nan\" is no number"},
    {"1,2,,5", "the value is empty"},
    {"1,2,4,soon", "the time \"soon\" is no time"},
    {",2,4,5", "the user is empty"},
    {"1,  ,4,5", "the item is empty"},
    {"\"1\"x,2,4,5", "something stands between a closing quote"},
    {"\"1,2,4,5", "a quote is not closed"},
  };
  const scratch_folder folder;
  for (const auto& [row, reason] : rows) {
    const auto path = folder.write("ratings.csv", header + "9,9,9,9\n" + row + "\n");
    const auto message = error_of([&, p = path] { import_from("movielens", p); });
    CAPTURE(message);
    CHECK(contains(message, path + ":3: " + reason));
    CHECK(contains(message, "bad_rows"));
  }
}

TEST_CASE("an unknown event is a bad row", "[data][import]") {
  const scratch_folder folder;
  const auto path =
    folder.write("events.csv", "timestamp,visitorid,event,itemid,transactionid\n"
                               "1433221332117,1,teleport,2,\n");
  CHECK(contains(error_of([&] { import_from("retailrocket", path); }),
                 path + ":2: the event \"teleport\" is not known"));
}

TEST_CASE("a line number beyond the ids is a bad row of a given split",
          "[data][import]") {
  const scratch_folder folder;
  folder.write("unique_uid.txt", "7\n");
  folder.write("unique_sid.txt", "b\n");
  for (const auto* part :
       {"valid_tr.csv", "valid_te.csv", "test_tr.csv", "test_te.csv"})
    folder.write(part, "uid,sid\n");
  for (const auto* row : {"0,1", "1,0", "-1,0", "0.5,0", "x,0"}) {
    folder.write("train.csv", std::string{"uid,sid\n0,0\n"} + row + "\n");
    CHECK(contains(error_of([&] { import_from("given_split", folder.path()); }),
                   "train.csv:3: "));
  }
}

TEST_CASE("allowed bad rows go to quarantine, and one more is an error",
          "[data][import]") {
  const scratch_folder folder;
  const auto path =
    folder.write("ratings.csv", header + "1,2,4,5\nbad\trow\n1,3,x,5\n1,4,4,5\n");
  auto clean = test::keep_everything();
  const auto quarantine = folder / "quarantine.tsv";
  clean.bad_rows_allow = 2;
  const auto [dataset, report] = import_from("movielens", path, clean, {}, quarantine);
  CHECK(pairs_in(dataset) == strings{"1 2", "1 4"});
  CHECK(report.rows_read == 4);
  CHECK(report.rows_bad == 2);
  CHECK(report.rows_kept == 2);
  CHECK(tests::bytes_of(quarantine)
        == "file\tline\treason\traw\n" + path
             + "\t3\tthe row has 1 fields where 4 are needed\tbad\\trow\n" + path
             + "\t4\tthe value \"x\" is no number\t1,3,x,5\n");
  clean.bad_rows_allow = 1;
  const auto message =
    error_of([&] { import_from("movielens", path, clean, {}, quarantine); });
  CHECK(contains(message, path + ":4: "));
  CHECK(contains(message, "one bad row more"));
}

TEST_CASE("no quarantine file is made without bad rows", "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv", header + "1,2,4,5\n");
  import_from("movielens", path, test::keep_everything(), {}, folder / "q.tsv");
  CHECK_FALSE(std::filesystem::exists(folder / "q.tsv"));
}

TEST_CASE("cleaning counts each dropped row once, by reason", "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv",
                                 header
                                   + "1,a,4,1\n1,b,5,2\n1,b,5,2\n" // once repeated
                                     "2,a,4,1\n2,b,3.5,2\n"        // one not positive
                                     "3,a,5,1\n3,b,4,2\n3,c,4,3\n");
  data::clean_options clean;
  clean.min_user_events = 2;
  clean.min_item_users = 2;
  const auto [dataset, report] = import_from("movielens", path, clean);
  CHECK(pairs_in(dataset) == strings{"1 a", "1 b", "3 a", "3 b"});
  CHECK(dataset.user_names == strings{"1", "3"});
  CHECK(report.rows_dropped
        == std::map<std::string, std::uint64_t>{{"not positive", 1},
                                                {"duplicate", 1},
                                                {"user too small", 1},
                                                {"item too small", 1}});
  CHECK(report.rows_read == 8);
  CHECK(report.rows_kept == 4);
  CHECK(report.adds_up());
  CHECK(contains(report.to_text(), "dropped, duplicate: 1"));
}

TEST_CASE("the k-core peels until users and items are all large enough",
          "[data][import]") {
  const scratch_folder folder;
  // A chain: each user shares one item with the next, so that dropping the first user
  // undoes one after the other; a block of three users and items stands by itself.
  std::string rows = "user,item\n";
  for (int i = 0; i < 30; ++i)
    rows += "chain" + std::to_string(i) + ",i" + std::to_string(i) + "\nchain"
            + std::to_string(i) + ",i" + std::to_string(i + 1) + "\n";
  for (const auto* user : {"x", "y", "z"})
    for (const auto* item : {"p", "q", "r"})
      rows += std::string{user} + "," + item + "\n";
  data::source_options source;
  source.kind = "csv";
  source.path = folder.write("x.csv", rows);
  source.columns.user = "user";
  source.columns.item = "item";
  data::clean_options clean;
  clean.min_user_events = 2;
  clean.min_item_users = 2;
  core::silent_progress silent;
  const auto [dataset, report] = data::import_source(source, clean, {}, "", silent);
  CHECK(dataset.user_names == strings{"x", "y", "z"});
  CHECK(dataset.item_names == strings{"p", "q", "r"});
  CHECK(report.adds_up());
}

TEST_CASE("repeated events count once towards a user's size, returns not at all",
          "[data][import]") {
  const scratch_folder folder;
  const auto path =
    folder.write("events.csv", "timestamp,visitorid,event,itemid,transactionid\n"
                               "1,often,view,a,\n2,often,view,a,\n3,often,view,a,\n"
                               "1,back,view,a,\n2,back,return,b,\n"
                               "1,wide,view,a,\n2,wide,view,b,\n");
  data::clean_options clean;
  clean.min_user_events = 2;
  const auto dataset = import_from("retailrocket", path, clean).dataset;
  CHECK(dataset.user_names == strings{"wide"});
}

TEST_CASE("pseudonyms are stable under a key and unrelated under another",
          "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv", header + "ann,2,4,5\nbob,2,4,5\n");
  const auto names_under = [&](const std::string& key) {
    const data::pseudonym_options options{folder.write("key", key)};
    return import_from("movielens", path, test::keep_everything(), options)
      .dataset.user_names;
  };
  const auto names = names_under("0123456789abcdef");
  CHECK(names[0] == core::hmac_sha256("0123456789abcdef", "ann").substr(0, 32));
  CHECK(names_under("0123456789abcdef\n") == names);
  CHECK(names_under("0123456789abcdeF")[0] != names[0]);
  CHECK(names[0] != names[1]);
  CHECK(contains(error_of([&] { names_under("short"); }), "fewer than 16 bytes"));
}

TEST_CASE("quarantine holds no names where users are pseudonymised", "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv", header + "1,2,4,5\nann,3,x,5\n");
  auto clean = test::keep_everything();
  clean.bad_rows_allow = 1;
  import_from("movielens", path, clean, {folder.write("key", std::string(32, 'k'))},
              folder / "q.tsv");
  CHECK_FALSE(contains(tests::bytes_of(folder / "q.tsv"), "ann"));
}

TEST_CASE("requests that make no import are refused", "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv", header + "1,2,4,5\n");
  CHECK(contains(error_of([&] { import_from("movielense", path); }),
                 "no kind of source \"movielense\""));
  CHECK(contains(error_of([&] { import_from("csv", path); }), "column of users"));
  CHECK(contains(error_of([&] { import_from("retailrocket", path); }),
                 "there is no column \"visitorid\""));
  CHECK(contains(error_of([&] { import_from("movielens", folder / "nothing"); }),
                 "there is no such file"));
  CHECK(
    contains(error_of([&] { import_from("movielens", path, data::clean_options{}); }),
             "no event is left after cleaning"));
}

TEST_CASE("a stored dataset is a source like any other", "[data][import]") {
  const scratch_folder folder;
  const auto path = folder.write("ratings.csv", header + "1,a,4,5\n1,b,4,6\n2,a,4,5\n");
  const auto first = import_from("movielens", path).dataset;
  data::write_dataset(folder / "d.h5", first);
  CHECK(data::digest_of(import_from("dataset", folder / "d.h5").dataset)
        == data::digest_of(first));
  auto clean = test::keep_everything();
  clean.min_user_events = 2;
  const auto [smaller, report] = import_from("dataset", folder / "d.h5", clean);
  CHECK(smaller.user_names == strings{"1"});
  CHECK(report.rows_dropped.at("user too small") == 1);
}
