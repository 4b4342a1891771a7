#include "core/error.hpp"

#include "core/errc.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("an error says where, what and what to do", "[core][error]") {
  const error broken{"cannot read the file", "ratings.csv", "check the path"};
  CHECK(broken.what()
        == std::string{"ratings.csv: cannot read the file; check the path"});
  CHECK(broken.whom() == blame::environment);
  CHECK(error::request("nonsense", "", "").whom() == blame::request);
  CHECK(error::request("nonsense", "", "").what() == std::string{"nonsense"});
}

TEST_CASE("every refusal has a name", "[core][errc]") {
  CHECK(to_string(errc::stale_gradient) == "stale_gradient");
  for (int code = 0; code <= static_cast<int>(errc::failed); ++code)
    CHECK(to_string(static_cast<errc>(code)) != "unknown");
}
