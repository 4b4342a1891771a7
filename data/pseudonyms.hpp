#pragma once

#include <string>
#include <vector>

namespace souk::data {

/// Reads a key: a file's bytes without a final line end. Throws `error` of the request
/// if there are fewer than 16.
std::string read_key(const std::string& key_file);

/// Replaces every name by the first 32 hexadecimal digits of its HMAC-SHA-256 under the
/// key: the same under the same key, and unrelated to the name without it.
void pseudonymise(std::vector<std::string>& names, const std::string& key);

} // namespace souk::data
