#pragma once

#include "core/attributes.hpp"
#include "core/snapshot.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::models {

/// One attribute by which users are told apart: a category as it is, a number by the
/// band it falls into.
struct segment_column {
  std::string name;
  core::attribute_kind kind = core::attribute_kind::category;
  std::vector<std::string> vocabulary; ///< a category's values at training
  std::vector<float> edges; ///< a number's bands: band b holds [edge b - 1, edge b)
};

/// Returns the columns named that the table has and that tell users apart: categories,
/// and numbers cut into at most eight bands of nearly equally many users.
std::vector<segment_column> segment_columns(const core::attribute_table& users,
                                            const std::vector<std::string>& names);

/// Maps the rows of any attribute table to the codes of training: [rows, columns].
///
/// A table may number a vocabulary's words in its own way. What a row or the whole
/// table lacks, and words that training never saw, are `no_code`.
std::vector<std::vector<std::uint32_t>>
segment_codes(const std::vector<segment_column>& columns,
              const core::attribute_table& users);

/// Writes the columns into a snapshot, and reads them back. Throws `error` if the
/// snapshot is not whole.
void store(const std::vector<segment_column>& columns, core::snapshot& model);
std::vector<segment_column> load_segment_columns(const core::snapshot& model);

} // namespace souk::models
