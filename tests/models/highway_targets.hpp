#pragma once

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <string>
#include <vector>

namespace souk::models::testing {

/// Calls `body(name)` once per instruction set that the kernels were compiled for and
/// this processor has, with the kernels held to it.
template <class Body>
void for_each_highway_target(const Body& body) {
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    body(std::string{hwy::TargetName(target)});
  }
  hwy::SetSupportedTargetsForTest(0);
}

} // namespace souk::models::testing
