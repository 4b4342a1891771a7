#include "data/text.hpp"

using namespace souk;
using data::time_format;

TEST_CASE("times are read in every spelling that sources use", "[data][text]") {
  CHECK(data::to_time("978300760", time_format::seconds) == 978300760000);
  CHECK(data::to_time("1396860669.277", time_format::seconds) == 1396860669277);
  CHECK(data::to_time("1396437466.94", time_format::automatic) == 1396437466940);
  CHECK(data::to_time("1433221332117", time_format::milliseconds) == 1433221332117);
  CHECK(data::to_time("1433221332117", time_format::automatic) == 1433221332117);
  CHECK(data::to_time("1e+09", time_format::seconds) == 1000000000000);
  CHECK(data::to_time("2014-04-07T10:51:09.277Z", time_format::automatic)
        == 1396867869277);
  CHECK(data::to_time("2010-12-01 08:26:00", time_format::iso) == 1291191960000);
  CHECK(data::to_time("2010-12-01T09:26:00+01:00", time_format::iso) == 1291191960000);
  CHECK(data::to_time("12/1/2010 8:26", time_format::month_day_year) == 1291191960000);
  CHECK(data::to_time("1/12/2010 8:26", time_format::day_month_year) == 1291191960000);
  CHECK(data::to_time("1970-01-01", time_format::iso) == 0);
  CHECK(data::to_time("1969-12-31", time_format::iso) == -86400000);
}

TEST_CASE("what is no time is nothing", "[data][text]") {
  for (const auto* text : {"", "yesterday", "12:30", "2010-13-01", "2010-02-29",
                           "2010-12-01 25:00", "2010-12-01x", "1e99", "9e15", "nan"})
    CHECK_FALSE(data::to_time(text, time_format::automatic));
  CHECK_FALSE(data::to_time("2010-12-01", time_format::seconds));
  CHECK(data::to_time("2012-02-29", time_format::iso));
}

TEST_CASE("a number fills its whole field and is finite", "[data][text]") {
  CHECK(data::to_number("3.5") == 3.5);
  CHECK(data::to_number("-2e3") == -2000);
  for (const auto* text : {"", "3.5x", "nan", "inf", "1e999", " 1", "NA"})
    CHECK_FALSE(data::to_number(text));
}

TEST_CASE("text that is no UTF-8 is taken for Latin-1", "[data][text]") {
  CHECK(data::to_utf8("Mis\xE9rables") == "Mis\xC3\xA9rables");
  CHECK(data::to_utf8("Mis\xC3\xA9rables") == "Mis\xC3\xA9rables");
  CHECK(data::to_utf8("\xC0\xAF") == "\xC3\x80\xC2\xAF"); // overlong: no UTF-8
  CHECK(data::to_utf8("plain") == "plain");
}
