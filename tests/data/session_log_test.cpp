#include "data/session_log.hpp"

#include "examples.hpp"
#include "importing.hpp"

using namespace souk;
using test::example_records;
using tests::scratch_folder;

TEST_CASE("a session log comes back however it was cut", "[data][session_log]") {
  const scratch_folder folder;
  const auto records = example_records(2500);
  data::session_log_writer writer{
    folder / "sessions", {{"random", "mult_vae"}, {}}, 1000};
  CHECK(writer.number_of_query("red shoes") == 0);
  CHECK(writer.number_of_query("lamp") == 1);
  CHECK(writer.number_of_query("red shoes") == 0);
  for (std::size_t i = 0; i < records.size(); i += 50)
    writer.append({records.data() + i, 50});
  CHECK(writer.close() == data::digest_of(records));
  const auto log = data::read_session_log(folder / "sessions");
  CHECK(log.records.size() == records.size());
  CHECK(data::digest_of(log.records) == data::digest_of(records));
  CHECK(log.tables.policies == std::vector<std::string>{"random", "mult_vae"});
  CHECK(log.tables.queries == std::vector<std::string>{"red shoes", "lamp"});
  std::vector<std::size_t> sizes;
  data::for_each_segment(folder / "sessions", [&](const data::session_log& segment) {
    sizes.push_back(segment.records.size());
  });
  CHECK(sizes == std::vector<std::size_t>{1000, 1000, 500});
}

TEST_CASE("whole segments of a log that was never closed stay readable",
          "[data][session_log]") {
  const scratch_folder folder;
  const auto records = example_records(2500);
  {
    data::session_log_writer writer{folder.path(), {}, 1000};
    writer.append(records);
  }
  CHECK(data::read_session_log(folder.path()).records.size() == 2000);
}

TEST_CASE("a log without records is a log", "[data][session_log]") {
  const scratch_folder folder;
  data::session_log_writer writer{folder.path(), {{"random"}, {}}};
  writer.close();
  CHECK(data::read_session_log(folder.path()).records.empty());
}

TEST_CASE("a log is not written over another, and a gap is noticed",
          "[data][session_log]") {
  const scratch_folder folder;
  data::session_log_writer writer{folder.path(), {}, 10};
  writer.append(example_records(30));
  writer.close();
  CHECK(test::error_of([&] {
          data::session_log_writer{folder.path(), {}};
        }).find("already")
        != std::string::npos);
  std::filesystem::remove(folder / "00001.h5");
  CHECK(test::error_of([&] { data::read_session_log(folder.path()); }).find("00001.h5")
        != std::string::npos);
  CHECK_FALSE(
    test::error_of([&] { data::read_session_log(folder / "missing"); }).empty());
}

TEST_CASE("the sessions digest sees every field and the order", "[data][session_log]") {
  const auto records = example_records(3);
  const auto original = data::digest_of(records);
  const auto digest_after = [&](auto change) {
    auto changed = records;
    change(changed);
    return data::digest_of(changed);
  };
  CHECK(digest_after([](auto& r) { std::swap(r[0], r[1]); }) != original);
  CHECK(digest_after([](auto& r) { r[0].time += 1; }) != original);
  CHECK(digest_after([](auto& r) { r[0].propensity = 0.5F; }) != original);
  CHECK(digest_after([](auto& r) { r[0].world += 1; }) != original);
  CHECK(digest_after([](auto& r) { r[0].propensity_is = {}; }) != original);
}

namespace {

/// Slates of ten items, each followed by a click.
std::vector<core::session_record> slates_and_clicks(std::uint32_t slates) {
  std::vector<core::session_record> records;
  core::session_record record;
  record.propensity_is = core::propensity_kind::exact;
  for (record.slate = 0; record.slate < slates; ++record.slate) {
    record.time += 1000;
    record.kind = core::event_kind::impression;
    for (record.position = 0; record.position < 10; ++record.position) {
      record.item = record.slate + record.position;
      record.price = 1.0F + record.position;
      record.propensity = 1.0F / (1.0F + record.position);
      records.push_back(record);
      ++record.step;
    }
    auto click = record;
    click.kind = core::event_kind::click;
    click.position = 3;
    records.push_back(click);
    ++record.step;
  }
  return records;
}

} // namespace

TEST_CASE("a slate is stored in one piece and hashed alike wherever calls cut it",
          "[data][session_log]") {
  const scratch_folder folder;
  const auto records = slates_and_clicks(50);
  data::session_log_writer writer{folder.path(), {{"random"}, {}}, 105};
  for (std::size_t first = 0; first < records.size(); first += 7)
    writer.append({records.data() + first, std::min<std::size_t>(7, 550 - first)});
  CHECK(writer.close() == data::digest_of(records));
  std::vector<std::size_t> sizes;
  data::for_each_segment(folder.path(), [&](const data::session_log& segment) {
    sizes.push_back(segment.records.size());
    const auto& front = segment.records.front();
    CHECK((front.kind == core::event_kind::click || front.position == 0));
  });
  // 105 records end within a slate that has four to come; its click is the next one's.
  CHECK(sizes == std::vector<std::size_t>{109, 110, 110, 110, 110, 1});
  const auto read = data::read_session_log(folder.path()).records;
  REQUIRE(read.size() == records.size());
  CHECK(data::digest_of(read) == data::digest_of(records));
  CHECK(read[13].position == records[13].position);
  CHECK(read[13].step == records[13].step);
  CHECK(read[13].propensity == records[13].propensity);
}

TEST_CASE("a log that broke off goes on after its first segments",
          "[data][session_log]") {
  const scratch_folder folder;
  const auto records = slates_and_clicks(60); // 660 records
  const auto append = [&](data::session_log_writer& writer, std::size_t from,
                          std::size_t to) {
    writer.append({records.data() + from, to - from});
  };
  {
    data::session_log_writer writer{folder.path(), {{"random"}, {"lamp"}}, 110};
    append(writer, 0, 275);
    CHECK(writer.num_buffered() == 55);
    writer.flush();
    CHECK(writer.num_segments() == 3);
    CHECK(writer.num_buffered() == 0);
    append(writer, 275, 600); // closes segments that nobody vouches for
  }
  auto writer = data::session_log_writer::continued(folder.path(), {{"random"}, {}}, 3);
  CHECK(writer.num_records() == 275);
  CHECK(writer.number_of_query("lamp") == 0);
  append(writer, 275, 660);
  CHECK(writer.close() == data::digest_of(records));
  const auto log = data::read_session_log(folder.path());
  REQUIRE(log.records.size() == records.size());
  CHECK(data::digest_of(log.records) == data::digest_of(records));
}

TEST_CASE("a log does not go on after a segment that is damaged or missing",
          "[data][session_log]") {
  const scratch_folder folder;
  const auto records = slates_and_clicks(20);
  {
    data::session_log_writer writer{folder.path(), {}, 110};
    writer.append(records);
    writer.close();
  }
  const auto refusal = [&](std::uint32_t segments) {
    return test::error_of(
      [&] { data::session_log_writer::continued(folder.path(), {}, segments); });
  };
  CHECK(refusal(2).empty());
  CHECK(refusal(3).find("00002.h5") != std::string::npos);
  std::filesystem::resize_file(folder / "00001.h5", 100);
  CHECK(refusal(2).find("00001.h5") != std::string::npos);
}

TEST_CASE("no segment is written after one that could not be", "[data][session_log]") {
  const scratch_folder folder;
  const auto records = slates_and_clicks(60);
  data::session_log_writer writer{folder / "log", {}, 110};
  writer.append({records.data(), 220});
  writer.flush();
  std::filesystem::rename(folder / "log", folder / "elsewhere");
  writer.append({records.data() + 220, 110}); // fills a segment that has no place
  for (int i = 0; i < 2; ++i)
    CHECK_FALSE(test::error_of([&] { writer.flush(); }).empty());
  std::filesystem::rename(folder / "elsewhere", folder / "log");
  CHECK_FALSE(test::error_of([&] {
                writer.append({records.data() + 330, 220});
              }).empty());
  CHECK_FALSE(test::error_of([&] { writer.close(); }).empty());
  CHECK(data::read_session_log(folder / "log").records.size() == 220);
}
