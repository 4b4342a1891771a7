#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace souk::experiments {

/// Returns the number of insertions, deletions, substitutions and swaps of neighbours
/// that turn one word into the other (optimal string alignment).
std::size_t edit_distance(const std::string& a, const std::string& b);

/// Returns the known word that was probably meant, or nothing if none is near: a third
/// of its letters may differ, or one word begins with the other.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

/// Returns a remedy: `did you mean "hidden"?`, or else the list of what is known, or
/// nothing if that is empty.
std::string suggestion(const std::string& word, const std::vector<std::string>& known);

} // namespace souk::experiments
