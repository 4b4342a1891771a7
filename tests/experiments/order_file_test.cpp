#include "experiments/order_file.hpp"

#include "experiments/atomic_file.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;
using actors::range_event;
using actors::range_order;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace {

constexpr auto read = range_event::kind::read;
constexpr auto apply = range_event::kind::apply;

/// What happens to steps [first, first + 2).
range_order crossed(std::uint64_t first) {
  return {{read, first}, {read, first + 1}, {apply, first + 1}, {apply, first}};
}

/// Two ranges, from step 0 to 4.
void write_orders(const std::string& path) {
  order_file file{path};
  for (const std::uint64_t first : {0, 2})
    for (const std::size_t range : {0, 1})
      file.append(first, first + 2, range, 2, crossed(first));
}

} // namespace

TEST_CASE("orders are read as they were written", "[experiments][orders]") {
  const scratch_folder folder;
  const auto path = folder / "orders/some.jsonl";
  CHECK(extent_of_orders(path).last == 0);
  write_orders(path);
  CHECK(extent_of_orders(path).last == 4);
  CHECK(extent_of_orders(path).ranges == 2);
  auto whole = crossed(0);
  for (const auto& event : crossed(2))
    whole.push_back(event);
  CHECK(read_orders(path, 4) == std::vector<range_order>{whole, whole});
  CHECK_THAT(read_file(path), Contains("\"events\":\"r0 r1 a1 a0\""));
}

TEST_CASE("orders beyond a checkpoint are written again", "[experiments][orders]") {
  const scratch_folder folder;
  const auto path = folder / "orders/some.jsonl";
  write_orders(path);
  // A crash in the middle of a line, after one range of the next stretch.
  write_file_atomically(path, read_file(path) + "{\"range\":0,\"ran");
  order_file file{path};
  CHECK(extent_of_orders(path).last == 4);
  file.append(4, 6, 0, 2, crossed(4));
  CHECK(extent_of_orders(path).last == 4);
  file.rewind(2);
  CHECK(extent_of_orders(path).last == 2);
  for (const std::size_t range : {0, 1})
    file.append(2, 4, range, 2, crossed(2));
  CHECK(read_orders(path, 4).size() == 2);
}

TEST_CASE("orders that do not tell of every step are refused",
          "[experiments][orders]") {
  const scratch_folder folder;
  const auto refusal = [&](const std::string& text) {
    const auto path = folder.write("some.jsonl", text);
    return failure_of([&] { read_orders(path, 2); });
  };
  const std::string right =
    R"({"range":0,"ranges":1,"first":0,"last":2,"events":"r0 a0 r1 a1"})";
  CHECK_NOTHROW(read_orders(folder.write("right.jsonl", right + "\n"), 2));
  CHECK_THAT(refusal(""), Contains("tells of no step"));
  CHECK_THAT(refusal("{}\n"), Contains("some.jsonl:1"));
  CHECK_THAT(refusal("nonsense\n"), Contains("some.jsonl:1"));
  CHECK_THAT(
    refusal(R"({"range":0,"ranges":1,"first":0,"last":2,"events":"r0 a0 r1 b1"})"
            "\n"),
    Contains("is no order of events"));
  CHECK_THAT(refusal(R"({"range":0,"ranges":1,"first":0,"last":2,"events":"r0 a0 r1"})"
                     "\n"),
             Contains("every step up to 2"));
  CHECK_THAT(
    refusal(right + "\n"
            + R"({"range":1,"ranges":2,"first":0,"last":2,"events":"r0 a0 r1 a1"})"
            + "\n"),
    Contains("some.jsonl:2") && Contains("another training"));
}
