#include "core/platform.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("a fingerprint changes with whatever numbers depend on", "[core][platform]") {
  const numeric_platform here{{"isa", "avx512"}, {"onednn", "2.6.3"}};
  auto there = here;
  CHECK(fingerprint(here) == fingerprint(there));
  CHECK(difference(here, there).empty());
  there["isa"] = "avx2";
  CHECK(fingerprint(here) != fingerprint(there));
  CHECK(difference(here, there) == "isa: avx512 here, avx2 there");
  there.erase("onednn");
  CHECK(difference(here, there)
        == "isa: avx512 here, avx2 there, onednn: 2.6.3 here, nothing there");
}

TEST_CASE("the platform names compiler and version", "[core][platform]") {
  CHECK(core_platform().at("compiler").find("gcc") == 0);
  CHECK_FALSE(core_platform().at("souk").empty());
  CHECK(describe_machine().count("cores") == 1);
}

TEST_CASE("an instruction set is chosen by its name; AMX never unasked",
          "[core][platform]") {
  for (const auto known : {isa::sse4, isa::avx2, isa::avx512, isa::amx})
    CHECK(isa_named(to_string(known)) == known);
  CHECK_FALSE(isa_named("auto"));
  CHECK(has_isa(widest_isa()));
  CHECK(widest_isa() < isa::amx);
  if (has_isa(isa::amx))
    CHECK(widest_isa() == isa::avx512);
}
