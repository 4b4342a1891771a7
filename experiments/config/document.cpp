#include "experiments/config/document.hpp"

#include "experiments/config/layers.hpp"
#include "experiments/config/resolved.hpp"
#include "experiments/config/yaml_reader.hpp"

#include <utility>

namespace souk::experiments {

document::document(std::unique_ptr<node> tree) : tree_{std::move(tree)} {
  // nop
}

document document::load(const std::string& path,
                        const std::vector<std::string>& overrides) {
  return parse(read_yaml_file(path), path, overrides);
}

document document::parse(const std::string& text,
                         const std::string& source,
                         const std::vector<std::string>& overrides) {
  return document{with_all_layers(read_map(text, source), source, overrides)};
}

section document::root() {
  return {*tree_, ""};
}

section document::at(const std::string& key) {
  return root().at(key);
}

void document::finish() {
  check_all_read(*tree_, "");
}

std::string document::resolved() const {
  return resolved_text(*tree_);
}

std::string document::digest_without_cluster() const {
  return experiments::digest_without_cluster(*tree_);
}

core::error document::error_at(const std::string& path,
                               const std::string& what,
                               const std::string& remedy) const {
  return core::error::request(what, where(deepest(*tree_, path).at, one_line(path)),
                              remedy);
}

} // namespace souk::experiments
