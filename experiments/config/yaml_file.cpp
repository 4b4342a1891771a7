#include "core/error.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace souk::experiments {

namespace fs = std::filesystem;

namespace {

/// The path of a file beside `path` whose name is near, or a hint to look.
std::string remedy_for_missing(const std::string& path) {
  const auto folder = fs::path{path}.parent_path();
  std::vector<std::string> names;
  std::error_code unreadable;
  for (fs::directory_iterator
         entry{folder.empty() ? fs::path{"."} : folder, unreadable},
       end;
       !unreadable && entry != end && names.size() < 1000; entry.increment(unreadable))
    if (entry->path().extension() == ".yaml")
      names.push_back(entry->path().filename().string());
  const auto name = nearest(fs::path{path}.filename().string(), names);
  if (name.empty())
    return "check the path; it is relative to the working directory";
  return "did you mean \"" + one_line((folder / name).string()) + "\"?";
}

} // namespace

std::string read_yaml_file(const std::string& path) {
  const auto refuse = [&path](const std::string& what, const std::string& remedy) {
    throw core::error::request(what, one_line(path), remedy);
  };
  std::error_code unknown;
  const auto status = fs::status(path, unknown);
  if (status.type() == fs::file_type::not_found || path.empty())
    refuse("no such file", remedy_for_missing(path));
  if (status.type() == fs::file_type::directory)
    refuse("is a directory", "name a .yaml file inside it");
  if (status.type() != fs::file_type::regular)
    refuse("is no regular file", "write the experiment to a .yaml file");
  const auto size = fs::file_size(path, unknown);
  if (!unknown && size > yaml_bytes_max)
    refuse("is larger than 1 MB", "name an experiment's file, not data");
  std::ifstream file{path, std::ios::binary};
  std::string text(yaml_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad())
    refuse(std::string{"cannot be read ("} + std::strerror(errno) + ")",
           "check that you may read it");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > yaml_bytes_max)
    refuse("is larger than 1 MB", "name an experiment's file, not data");
  return text;
}

} // namespace souk::experiments
