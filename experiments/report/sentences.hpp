#pragma once

#include "experiments/report/finished_run.hpp"

#include <string>
#include <vector>

namespace souk::experiments {

/// Returns what came out in plain sentences, a paragraph each, computed from the rows:
/// what ran, who ranks best and by how much, who is best with strangers, who sells
/// most, and what the import left out. A stage that did not run has no sentence.
std::vector<std::string> sentences_of(const finished_run& run);

/// Returns where the page comes from: version, commit, seed, time.
std::string provenance_of(const finished_run& run);

/// The sentence about a replayed log; empty where none was.
std::string replay_sentence(const std::vector<core::result_row>& rows);

/// The sentences about the simulated shop.
std::vector<std::string> shop_sentences(const std::vector<core::result_row>& rows);

} // namespace souk::experiments
