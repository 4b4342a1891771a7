#pragma once

#include "core/dataset.hpp"
#include "core/progress.hpp"
#include "data/import_report.hpp"
#include "data/options.hpp"

#include <string>

namespace souk::data {

struct imported {
  core::dataset dataset;
  import_report report;
};

/// Reads a source, cleans it and renames its users, and accounts for every row.
///
/// Bad rows are an `error` naming file, line and reason; with `bad_rows_allow` that
/// many go to `quarantine_path` instead (tab-separated: file, line, reason, raw text),
/// which is created when the first bad row comes. The raw text stays out of it when
/// users are pseudonymised. Text that is no UTF-8 is taken for Latin-1.
///
/// Throws `error` of the request for options that make no import (an unknown kind, a
/// column that is not there), `error` of the environment for files that cannot be read
/// or where nothing is left after cleaning.
imported import_source(const source_options& source,
                       const clean_options& clean,
                       const pseudonym_options& pseudonyms,
                       const std::string& quarantine_path,
                       core::progress& progress);

} // namespace souk::data
