#pragma once

#include "experiments/report/finished_run.hpp"

#include <string>
#include <string_view>

namespace souk::experiments {

/// Returns the whole page: words, data, scripts and styles, forbidden by its own policy
/// to load anything from anywhere.
std::string page_of(const finished_run& run);

/// Escapes text for an element or a quoted attribute.
std::string in_html(std::string_view text);

/// Escapes JSON for a script element: nothing in it can end the element or open a
/// comment.
std::string in_script(std::string_view json);

} // namespace souk::experiments
