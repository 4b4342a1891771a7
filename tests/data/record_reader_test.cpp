#include "data/record_reader.hpp"

#include "importing.hpp"

#include <zlib.h>

using namespace souk;
using tests::scratch_folder;

namespace {

using records = std::vector<std::vector<std::string>>;

records read_all(const std::string& path, const data::record_format& format = {}) {
  data::record_reader reader{path, format};
  records all;
  while (reader.next()) {
    if (reader.problem())
      all.push_back({"PROBLEM", reader.problem()});
    else
      all.emplace_back(reader.fields().begin(), reader.fields().end());
  }
  return all;
}

void write_gzip(const std::string& path, const std::string& text) {
  auto* file = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size()))
          == static_cast<int>(text.size()));
  gzclose(file);
}

} // namespace

TEST_CASE("line ends, byte order marks and empty lines do not matter",
          "[data][record_reader]") {
  const scratch_folder folder;
  const records expected{{"a", "b"}, {"c", ""}};
  for (const auto* text : {"a,b\nc,\n", "a,b\r\nc,\r\n", "a,b\nc,", "\n\na,b\n\nc,\n\n",
                           "\xEF\xBB\xBF"
                           "a,b\r\n\r\nc,"})
    CHECK(read_all(folder.write("x.csv", text)) == expected);
  CHECK(read_all(folder.write("x.csv", "")).empty());
}

TEST_CASE("quoted fields hold delimiters, doubled quotes and line ends",
          "[data][record_reader]") {
  const scratch_folder folder;
  const auto path =
    folder.write("x.csv", "\"a,b\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",x\n\"\",\"z\"");
  CHECK(read_all(path)
        == records{{"a,b", "say \"hi\""}, {"two\nlines", "x"}, {"", "z"}});
  data::record_reader reader{path, {}};
  std::vector<std::uint64_t> lines;
  while (reader.next())
    lines.push_back(reader.line());
  CHECK(lines == std::vector<std::uint64_t>{1, 2, 4});
}

TEST_CASE("a quote inside a field is a letter like any other",
          "[data][record_reader]") {
  const scratch_folder folder;
  CHECK(read_all(folder.write("x.csv", "12\" plate,5\r\nb,\"c\"\r\n"))
        == records{{"12\" plate", "5"}, {"b", "c"}});
}

TEST_CASE("broken quotes spoil one line and no more", "[data][record_reader]") {
  const scratch_folder folder;
  CHECK(read_all(folder.write("x.csv", "\"a\"b,c\nd,e\n"))
        == records{
          {"PROBLEM", "something stands between a closing quote and the next field"},
          {"d", "e"}});
  CHECK(read_all(folder.write("x.csv", "\"a,b\nd,e\n"))
        == records{{"PROBLEM", "a quote is not closed"}, {"d", "e"}});
  // One that never closes in a large file must not swallow what follows.
  std::string text = "\"a,b\n";
  for (int i = 0; i < 100'000; ++i)
    text += "d,e\n";
  CHECK(read_all(folder.write("x.csv", text)).size() == 100'001);
}

TEST_CASE("delimiters may have several characters", "[data][record_reader]") {
  const scratch_folder folder;
  CHECK(read_all(folder.write("x.dat", "1::a:b::c\n::::\n"), {"::", false})
        == records{{"1", "a:b", "c"}, {"", "", ""}});
}

TEST_CASE("records survive the borders of the buffer", "[data][record_reader]") {
  const scratch_folder folder;
  std::string text;
  records expected;
  for (int i = 0; text.size() < (std::size_t{9} << 20); ++i) {
    const auto number = std::to_string(i % 100000 * 7919);
    if (i % 3 == 0) {
      text += "\"" + number + "\"\"\n\",x" + number + "\r\n";
      expected.push_back({number + "\"\n", "x" + number});
    } else {
      text += number + ",x\n";
      expected.push_back({number, "x"});
    }
  }
  CHECK(read_all(folder.write("x.csv", text)) == expected);
  write_gzip(folder / "x.csv.gz", text);
  CHECK(read_all(folder / "x.csv.gz") == expected);
}

TEST_CASE("a quoted record may straddle the buffer's border at any letter",
          "[data][record_reader]") {
  const scratch_folder folder;
  // The reader takes 4 MiB at a time, and a record that begins before that must come
  // out whole wherever it is cut.
  constexpr std::size_t border = std::size_t{1} << 22;
  const std::string record = "\"a\n\"\"b\"\"\",\"c\nd\"\r\n";
  for (std::size_t before = 0; before <= record.size(); ++before) {
    auto text = std::string(border - before - 1, 'x');
    for (std::size_t i = 999; i < text.size(); i += 1000)
      text[i] = '\n';
    text += "\n" + record + "e,f\n";
    data::record_reader reader{folder.write("x.csv", text), {}};
    std::vector<std::string> last_but_one;
    std::vector<std::string> last;
    while (reader.next()) {
      last_but_one = std::move(last);
      last.assign(reader.fields().begin(), reader.fields().end());
    }
    CAPTURE(before);
    CHECK(last_but_one == std::vector<std::string>{"a\n\"b\"", "c\nd"});
    CHECK(last == std::vector<std::string>{"e", "f"});
  }
}

TEST_CASE("a gzip file is known by its first bytes, whatever its name",
          "[data][record_reader]") {
  const scratch_folder folder;
  write_gzip(folder / "x.csv", "a,b\n");
  CHECK(read_all(folder / "x.csv") == records{{"a", "b"}});
}

TEST_CASE("a gzip file that is cut short or damaged is an error",
          "[data][record_reader]") {
  const scratch_folder folder;
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i % 40000 * i) + ",x\n";
  write_gzip(folder / "x.gz", text);
  const auto whole = tests::bytes_of(folder / "x.gz");
  for (const auto kept : {whole.size() / 2, whole.size() - 9, whole.size() - 1}) {
    const auto path = folder.write("y.gz", whole.substr(0, kept));
    CHECK(test::error_of([&] { read_all(path); }).find("cut short or damaged")
          != std::string::npos);
  }
  auto flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 4);
  CHECK_FALSE(test::error_of([&] { read_all(folder.write("z.gz", flipped)); }).empty());
}

TEST_CASE("missing files, folders and UTF-16 are errors that name the file",
          "[data][record_reader]") {
  const scratch_folder folder;
  for (const auto& path : {folder / "missing.csv", folder.path(),
                           folder.write("wide.csv", "\xFF\xFE"
                                                    "a")})
    CHECK(test::error_of([&] { read_all(path); }).find(path) == 0);
}

TEST_CASE("a zero byte makes a record bad", "[data][record_reader]") {
  const scratch_folder folder;
  CHECK(read_all(folder.write("x.csv", std::string{"a,\0b\nc,d\n", 9}))
        == records{{"PROBLEM", "it contains a zero byte"}, {"c", "d"}});
}
