#include "experiments/config/scalar.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::experiments;

namespace {

scalar_kind kind(const char* text) {
  return kind_of({text, false});
}

std::optional<std::int64_t> duration(const char* text) {
  std::int64_t value = 0;
  if (parse_duration({text, false}, value))
    return std::nullopt;
  return value;
}

} // namespace

TEST_CASE("scalars are what every version of YAML agrees on", "[experiments][config]") {
  for (const auto* text : {"", "~", "null"})
    CHECK(kind(text) == scalar_kind::nothing);
  for (const auto* text : {"true", "false"})
    CHECK(kind(text) == scalar_kind::boolean);
  for (const auto* text : {"0", "-1", "+12", "9007199254740993"})
    CHECK(kind(text) == scalar_kind::integer);
  for (const auto* text : {"0.5", ".5", "1.", "1e3", "-1.0e-3", "1E+5"})
    CHECK(kind(text) == scalar_kind::number);
  for (const auto* text :
       {"yes", "No", "on", "OFF", "y", "True", "NULL", "010", "0x1F", "0o17", "0b11",
        "-010", "1_000", "12:30:45", ".nan", "-.inf", "inf"})
    CHECK(kind(text) == scalar_kind::ambiguous);
  for (const auto* text :
       {"mult_vae", "ndcg@100", "2011-12-09", "-", ".", "+", "_", "1.2.3", "1e", "e5",
        "0x", "3d", "datasets/movielens-small", "10 items"})
    CHECK(kind(text) == scalar_kind::text);
  CHECK(kind_of({"12", true}) == scalar_kind::text);
}

TEST_CASE("a scalar of a megabyte is read like any other", "[experiments][config]") {
  const std::string zeros(1'000'000, '0');
  double number = 0;
  CHECK(kind_of({zeros, false}) == scalar_kind::ambiguous);
  CHECK(parse({zeros, false}, number));
  CHECK(in_yaml({zeros, true}).size() == zeros.size() + 2);
}

TEST_CASE("doubles are written so that the same double is read",
          "[experiments][config]") {
  for (const auto value : {0.1, 1e-3, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0}) {
    double back = 1;
    CHECK_FALSE(parse(to_scalar(value), back));
    CHECK(back == value);
    CHECK(std::signbit(back) == std::signbit(value));
  }
}

TEST_CASE("text is quoted wherever it could be read otherwise",
          "[experiments][config]") {
  CHECK(in_yaml({"ndcg@100", true}) == "ndcg@100");
  CHECK(in_yaml({"12", true}) == "\"12\"");
  CHECK(in_yaml({"no", true}) == "\"no\"");
  CHECK(in_yaml({"", true}) == "\"\"");
  CHECK(in_yaml({"a: b # c", true}) == "\"a: b # c\"");
  CHECK(in_yaml({"a\"b\\c\n", true}) == "\"a\\\"b\\\\c\\n\"");
  CHECK(in_yaml({"", false}) == "null");
}

TEST_CASE("durations are whole milliseconds or have a unit", "[experiments][config]") {
  CHECK(duration("60000") == 60000);
  CHECK(duration("250ms") == 250);
  CHECK(duration("90s") == 90000);
  CHECK(duration("1.5m") == 90000);
  CHECK(duration("6h") == 6 * 3600 * 1000);
  CHECK(duration("14d") == 14LL * 24 * 3600 * 1000);
  for (const auto* text :
       {"", "soon", "3 weeks", "1.5", "0.1ms", "1e30d", "h", "1e400d"})
    CHECK(duration(text) == std::nullopt);
}
