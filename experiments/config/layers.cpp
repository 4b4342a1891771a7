#include "experiments/config/layers.hpp"

#include "core/error.hpp"
#include "experiments/config/section.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace souk::experiments {

namespace fs = std::filesystem;

namespace {

/// Blocks that `use:` can name, and their folders in `configs/`. `debug` is an overlay.
const std::vector<std::pair<std::string, std::string>>& folders_of_blocks() {
  static const std::vector<std::pair<std::string, std::string>> folders{
    {"data", "data"},      {"model", "model"},     {"training", "training"},
    {"simulation", "sim"}, {"cluster", "cluster"}, {"debug", "debug"}};
  return folders;
}

constexpr const char* overlay_key = "debug";

/// The `configs` folders to look in, the file's own first.
std::vector<fs::path> configs_folders(const std::string& source) {
  std::vector<fs::path> found;
  std::error_code unknown;
  const auto absolute = fs::weakly_canonical(fs::absolute(source, unknown), unknown);
  for (auto folder = absolute.parent_path(); folder.has_relative_path();
       folder = folder.parent_path())
    if (folder.filename() == "configs") {
      found.push_back(fs::proximate(folder, unknown));
      break;
    }
  found.emplace_back("configs");
  return found;
}

bool is_block_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
           || (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
  });
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code unreadable;
  for (fs::directory_iterator entry{folder, unreadable}, end;
       !unreadable && entry != end && names.size() < 1000; entry.increment(unreadable))
    if (entry->path().extension() == ".yaml")
      names.push_back(entry->path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Reads the file that an entry of `use:` names.
std::unique_ptr<node> read_block(const section& use,
                                 const std::string& key,
                                 const std::string& folder,
                                 const std::string& name,
                                 const std::string& source) {
  if (!is_block_name(name))
    throw use.error_at(key, "is no name of a block: \"" + one_line(name, 60) + '"',
                       "write the file's name without folder and .yaml");
  std::vector<std::string> known;
  for (const auto& configs : configs_folders(source)) {
    const auto path = configs / folder / (name + ".yaml");
    std::error_code unknown;
    if (fs::exists(path, unknown)) {
      auto block = read_map(read_yaml_file(path.string()), path.string());
      layer_all(*block, key == overlay_key ? layer::overlay : layer::block);
      if (const auto* nested = block->find("use"))
        throw core::error::request("a block cannot use other blocks", where(nested->at),
                                   "name them in the experiment's own use:");
      return block;
    }
    const auto more = names_in(configs / folder);
    known.insert(known.end(), more.begin(), more.end());
  }
  const auto remedy = suggestion(name, known);
  throw use.error_at(key, "names no file configs/" + folder + '/' + name + ".yaml",
                     remedy.empty() ? "write that file, or the block itself" : remedy);
}

std::unique_ptr<node> empty_map(const position& at) {
  auto map = std::make_unique<node>();
  map->is = node::shape::map;
  map->at = at;
  return map;
}

std::unique_ptr<node> under_key(const std::string& key, std::unique_ptr<node> value) {
  const auto at = value->at;
  auto map = empty_map(at);
  map->entries.push_back({key, at, std::move(value)});
  return map;
}

/// Takes an entry out of a map, or returns null.
std::unique_ptr<node> take(node& map, const std::string& key) {
  const auto found =
    std::find_if(map.entries.begin(), map.entries.end(),
                 [&key](const node::entry& entry) { return entry.key == key; });
  if (found == map.entries.end())
    return nullptr;
  auto value = std::move(found->value);
  map.entries.erase(found);
  return value;
}

} // namespace

std::unique_ptr<node> read_map(const std::string& text, const std::string& source) {
  auto tree = read_yaml(text, source);
  if (!tree)
    throw core::error::request("the file is empty", where({layer::file, source, 1, 1}),
                               "write key: value; configs/experiment/ has examples");
  if (tree->is != node::shape::map)
    throw core::error::request("must be a map of keys, not " + described(*tree),
                               where(tree->at),
                               "write key: value; configs/experiment/ has examples");
  return tree;
}

std::unique_ptr<node> with_all_layers(std::unique_ptr<node> file,
                                      const std::string& source,
                                      const std::vector<std::string>& overrides) {
  auto commands = read_overrides(overrides);
  auto used = empty_map(file->at);
  for (auto* layer : {file.get(), commands.get()})
    if (auto use = take(*layer, "use"))
      merge(*used, under_key("use", std::move(use)));
  auto whole = empty_map(file->at);
  std::unique_ptr<node> overlay;
  if (used->find("use")) {
    auto use = section{*used, ""}.at("use");
    for (const auto& [key, folder] : folders_of_blocks()) {
      std::optional<std::string> name;
      use.read(key, name);
      if (!name)
        continue;
      auto block = read_block(use, key, folder, *name, source);
      if (key == overlay_key)
        overlay = std::move(block);
      else
        merge(*whole, under_key(key, std::move(block)));
    }
    use.finish();
  }
  const auto at = file->at;
  merge(*whole, std::move(file));
  if (overlay)
    merge(*whole, std::move(overlay));
  merge(*whole, std::move(commands));
  whole->at = at;
  return whole;
}

} // namespace souk::experiments
