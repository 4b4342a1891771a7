#pragma once

#include <string>

namespace souk::experiments {

/// Writes `report.html` into a run's folder, atomically: one self-contained page that
/// needs no network.
///
/// Reads `manifest.json` and `results.json`, and `metrics.jsonl` and `config.yaml`
/// where they are there; a run without some stage has a smaller page. Throws
/// `core::error` if the folder is no run's, or its manifest or its results are missing
/// or damaged.
void write_report(const std::string& run_directory);

} // namespace souk::experiments
