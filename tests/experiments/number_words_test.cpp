#include "experiments/number_words.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

TEST_CASE("counts have separators", "[experiments][number_words]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1234567) == "1,234,567");
}

TEST_CASE("rates have three digits", "[experiments][number_words]") {
  CHECK(rate_text(0.5) == "0.50");
  CHECK(rate_text(9.999) == "10.0");
  CHECK(rate_text(45.67) == "45.7");
  CHECK(rate_text(99.99) == "100");
  CHECK(rate_text(12345.6) == "12,346");
}

TEST_CASE("durations are read off a clock", "[experiments][number_words]") {
  CHECK(clock_text(7.4) == "0:07");
  CHECK(clock_text(754) == "12:34");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(clock_text(1e12) == "days");
}

TEST_CASE("bytes, seconds and shares are said in a unit that fits",
          "[experiments][number_words]") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(1.25e9) == "1.25 GB");
  CHECK(bytes_text(9.35e6) == "9.35 MB");
  CHECK(bytes_text(999.7) == "1 kB");
  CHECK(bytes_text(999'600) == "1 MB");
  CHECK(bytes_text(1.234e12) == "1.23 TB");
  CHECK(bytes_text(1.234e15) == "1234 TB");
  CHECK(seconds_text(0.0382) == "38.2 ms");
  CHECK(seconds_text(2.5) == "2.5 s");
  CHECK(seconds_text(1234) == "1234 s");
  CHECK(percent_text(0.254) == "25%");
}
