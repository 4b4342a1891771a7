#pragma once

#include "core/attributes.hpp"

/// Attribute tables that grow and are emptied row by row, without new memory.
namespace souk::sim {

/// Returns a table with the columns of `from` and no rows.
core::attribute_table empty_like(const core::attribute_table& from);

/// Appends a row of `from`; `to` must have its columns.
void append_row(const core::attribute_table& from,
                std::size_t row,
                core::attribute_table& to);

/// Appends a row of which nothing is known.
void append_unknown_row(core::attribute_table& to);

/// Removes all rows and keeps the memory.
void clear_rows(core::attribute_table& table);

} // namespace souk::sim
