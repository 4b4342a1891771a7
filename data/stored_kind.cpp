#include "data/stored_kind.hpp"

#include "core/error.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace souk::data {

namespace {

constexpr const char* schema = "1";

} // namespace

void write_kind(hdf5::file& file, const std::string& kind, stored_attributes more) {
  more["souk_kind"] = kind;
  more["souk_schema"] = schema;
  file.write_attributes("/", more);
}

stored_attributes
read_kind(const hdf5::file& file, const std::string& kind, const std::string& path) {
  auto attributes = file.read_attributes("/");
  const auto found = attributes.find("souk_kind");
  if (found == attributes.end() || found->second != kind)
    throw core::error{
      "this is no " + kind + " file"
        + (found == attributes.end() ? "" : " but one of kind " + found->second),
      path, "check the path"};
  if (attribute_of(attributes, "souk_schema", path) != schema)
    throw core::error{"the file has schema " + attributes["souk_schema"]
                        + " and this souk knows schema " + schema,
                      path, "make the file again with this version"};
  return attributes;
}

const std::string& attribute_of(const stored_attributes& attributes,
                                const std::string& name,
                                const std::string& path) {
  const auto found = attributes.find(name);
  if (found == attributes.end())
    throw core::error{"the attribute \"" + name + "\" is missing", path,
                      "make the file again"};
  return found->second;
}

std::uint64_t number_of(const stored_attributes& attributes,
                        const std::string& name,
                        const std::string& path) {
  const auto& text = attribute_of(attributes, name, path);
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stopped != end)
    throw core::error{"the attribute \"" + name + "\" is no number", path,
                      "make the file again"};
  return value;
}

double real_of(const stored_attributes& attributes,
               const std::string& name,
               const std::string& path) {
  const auto& text = attribute_of(attributes, name, path);
  char* stopped = nullptr;
  const auto value = std::strtod(text.c_str(), &stopped);
  if (text.empty() || *stopped != '\0')
    throw core::error{"the attribute \"" + name + "\" is no number", path,
                      "make the file again"};
  return value;
}

std::string exact_text(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%a", value);
  return text.data();
}

} // namespace souk::data
