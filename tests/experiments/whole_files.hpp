#pragma once

#include "core/error.hpp"
#include "experiments/config/document.hpp"
#include "experiments/experiment.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace souk::experiments {

/// An experiment that only has data.
constexpr auto smallest = "souk: 1\n"
                          "name: smallest\n"
                          "seed: 1\n"
                          "data:\n"
                          "  source: {kind: movielens, path: tests}\n";

inline experiment read(const std::string& text) {
  auto file = document::parse(text, "test.yaml");
  return read_experiment(file);
}

/// Returns why a file is refused; fails the test unless the request is to blame.
inline std::string refusal_of(const std::string& text) {
  try {
    read(text);
  } catch (const core::error& refused) {
    CHECK(refused.whom() == core::blame::request);
    return refused.what();
  }
  return "nothing was refused";
}

} // namespace souk::experiments
