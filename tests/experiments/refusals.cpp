#include "tests/experiments/refusals.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

namespace souk::experiments {

std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::error& refused) {
    CHECK(refused.whom() == core::blame::request);
    return refused.what();
  }
  return "";
}

std::string failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::error& failed) {
    return failed.what();
  }
  return "";
}

} // namespace souk::experiments
