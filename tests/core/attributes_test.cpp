#include "core/attributes.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

namespace {

attribute_table films() {
  attribute_column genre{"genre",
                         attribute_kind::categories,
                         {"comedy", "drama"},
                         {0, 1, 1},
                         {0, 2, 2, 3},
                         {},
                         {}};
  attribute_column studio{
    "studio", attribute_kind::category, {"a", "b"}, {1, no_code, 0}, {}, {}, {}};
  attribute_column year{"year", attribute_kind::number, {}, {},
                        {},     {1990, 2000, 2010},     {}};
  attribute_column title{"title", attribute_kind::text, {}, {}, {},
                         {},      {"x", "y", "z"}};
  return {3, {genre, studio, year, title}};
}

} // namespace

TEST_CASE("attributes have one code, many codes or none in a row",
          "[core][attributes]") {
  const auto table = films();
  CHECK(table.find("genre")->codes_of(0).size() == 2);
  CHECK(table.find("genre")->codes_of(1).empty());
  CHECK(table.find("studio")->codes_of(0)[0] == 1);
  CHECK(table.find("studio")->codes_of(1).empty());
  CHECK(table.find("colour") == nullptr);
}

TEST_CASE("selecting rows keeps every kind of column", "[core][attributes]") {
  const auto chosen = select_rows(films(), std::vector<std::uint32_t>{2, 0});
  CHECK(chosen.num_rows == 2);
  CHECK(chosen.find("genre")->codes_of(0)[0] == 1);
  CHECK(chosen.find("genre")->codes_of(1).size() == 2);
  CHECK(chosen.find("studio")->codes_of(1)[0] == 1);
  CHECK(chosen.find("year")->numbers == std::vector<double>{2010, 1990});
  CHECK(chosen.find("title")->texts == std::vector<std::string>{"z", "x"});
  CHECK(chosen.find("studio")->vocabulary.size() == 2);
}
