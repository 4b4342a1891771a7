#include "data/description.hpp"
#include "experiments/commands/commands.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace souk::experiments {

namespace {

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (const auto extent : shape)
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

void print_for_people(const data::file_description& file) {
  std::cout << file.kind << '\n';
  for (const auto& [name, value] : file.attributes)
    if (name != "souk_kind")
      std::cout << "  " << name << ": " << value << '\n';
  for (const auto& [name, value] : file.options)
    std::cout << "  " << name << ": " << value << '\n';
  for (const auto& part : file.parts) {
    std::cout << "  " << part.name << "  [" << shape_text(part.shape) << "]";
    for (std::size_t i = 0; i < part.columns.size(); ++i)
      std::cout << (i == 0 ? "  " : ", ") << part.columns[i];
    std::cout << '\n';
  }
}

void print_for_programs(const data::file_description& file) {
  nlohmann::ordered_json json{{"kind", file.kind},
                              {"attributes", file.attributes},
                              {"options", file.options},
                              {"parts", nlohmann::json::array()}};
  for (const auto& part : file.parts)
    json["parts"].push_back(
      {{"name", part.name}, {"shape", part.shape}, {"columns", part.columns}});
  std::cout << json.dump(2) << '\n';
}

} // namespace

void inspect_file(const command& request) {
  const auto file = data::describe_file(request.files.at(0));
  if (request.json)
    print_for_programs(file);
  else
    print_for_people(file);
}

} // namespace souk::experiments
