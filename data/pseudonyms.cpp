#include "data/pseudonyms.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"

#include <fstream>
#include <iterator>

namespace souk::data {

std::string read_key(const std::string& key_file) {
  constexpr std::size_t fewest_bytes = 16;
  std::ifstream file{key_file, std::ios::binary};
  std::string key{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad())
    throw core::error::request("cannot read the key", key_file,
                               "check data.pseudonymise.key_file");
  if (!key.empty() && key.back() == '\n')
    key.pop_back();
  if (!key.empty() && key.back() == '\r')
    key.pop_back();
  if (key.size() < fewest_bytes)
    throw core::error::request("the key has fewer than 16 bytes", key_file,
                               "make one with: openssl rand -hex 32");
  return key;
}

void pseudonymise(std::vector<std::string>& names, const std::string& key) {
  constexpr std::size_t digits = 32;
  for (auto& name : names)
    name = core::hmac_sha256(key, name).substr(0, digits);
}

} // namespace souk::data
