#pragma once

#include <string>

namespace souk::experiments {

/// Checks that text is UTF-8 without control characters and without tabs as
/// indentation, before a parser sees it. Throws `core::error` (of the request) as
/// "source:line:column: what; remedy".
void check_plain_text(const std::string& text, const std::string& source);

} // namespace souk::experiments
