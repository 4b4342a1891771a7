#include "core/platform.hpp"

#include "core/error.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/model.hpp"
#include "models/precision.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

using namespace souk;

namespace {

/// Lets CTest run all tests of this room under a narrower instruction set: it has to be
/// chosen before the first product.
const bool isa_chosen = [] {
  const auto* wanted = std::getenv("SOUK_TEST_ISA");
  if (wanted == nullptr)
    return false;
  const auto isa = core::isa_named(wanted).value();
  if (!core::has_isa(isa)) {
    std::cout << "skipped: this processor has no " << wanted << '\n';
    std::exit(77); // CTest counts it as skipped
  }
  models::use_isa(isa);
  return true;
}();

} // namespace

TEST_CASE("the platform names the libraries and the instruction set in use",
          "[models][platform]") {
  const auto platform = models::platform();
  CHECK(platform.count("compiler") == 1);
  CHECK(platform.count("onednn") == 1);
  CHECK(platform.count("highway") == 1);
  CHECK(platform.at("isa")
        == (isa_chosen ? std::getenv("SOUK_TEST_ISA")
                       : core::to_string(core::widest_isa())));
  // CTest runs this with DNNL_MAX_CPU_ISA too, which must not count.
  const std::map<std::string, std::string> of_onednn{{"sse4", "sse41"},
                                                     {"avx2", "avx2"},
                                                     {"avx512", "avx512_core"},
                                                     {"amx", "avx512_core"}};
  CHECK_THAT(platform.at("onednn_isa"),
             Catch::StartsWith(of_onednn.at(platform.at("isa"))));
}

TEST_CASE("AMX multiplies in all precisions, and in bf16x3 nothing else does",
          "[models][platform]") {
  using models::precision;
  const auto is_amx = models::platform().at("isa") == "amx";
  CHECK_NOTHROW(models::check_precision(precision::fp32));
  if (is_amx) {
    CHECK_NOTHROW(models::check_precision(precision::bf16));
    CHECK_NOTHROW(models::check_precision(precision::bf16x3));
  } else
    CHECK_THROWS_WITH(models::check_precision(precision::bf16x3),
                      Catch::Contains("AMX"));
  for (const auto* name : {"fp32", "bf16", "bf16x3"})
    CHECK(models::precision_named(name));
  CHECK_FALSE(models::precision_named("fp8"));
}

TEST_CASE("an instruction set cannot be chosen after the first product",
          "[models][platform]") {
  models::kernels::worker_pool pool{1};
  const std::vector<float> a{2};
  std::vector<float> c(1);
  models::kernels::product(pool, {a.data(), 1, 1}, {a.data(), 1, 1}, {c.data(), 1, 1});
  CHECK(c[0] == 4);
  const auto before = models::platform();
  const auto other = before.at("isa") == "sse4" ? core::isa::avx2 : core::isa::sse4;
  CHECK_THROWS_AS(models::use_isa(other), core::error);
  CHECK(models::platform() == before);
}
