#include "experiments/config/yaml_reader.hpp"

#include "core/error.hpp"
#include "experiments/config/plain_text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

namespace souk::experiments {

namespace {

/// Builds our tree from yaml-cpp's events: its own nodes drop duplicate keys, quotes
/// and the difference between 010 and 8.
class tree_builder : public YAML::EventHandler {
public:
  explicit tree_builder(std::string source) : source_{std::move(source)} {
    // nop
  }

  std::unique_ptr<node> tree() {
    return std::move(root_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_)
      refuse(mark, "a second document begins", "write one experiment per file");
    has_document_ = true;
  }

  void OnDocumentEnd() override {
    // nop
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // An empty value is reported where the next token stands, often on a later line.
    const auto at = has_key_ ? key_.at : place(mark);
    add_scalar(mark, "?", anchor, "null", at);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not read", "write the value out");
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    add_scalar(mark, tag, anchor, value, place(mark));
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, style, node::shape::list);
  }

  void OnSequenceEnd() override {
    open_.pop_back();
  }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, style, node::shape::map);
  }

  void OnMapEnd() override {
    open_.pop_back();
  }

private:
  position place(const YAML::Mark& mark) const {
    return {layer::file, source_, static_cast<std::size_t>(mark.line) + 1,
            static_cast<std::size_t>(mark.column) + 1};
  }

  [[noreturn]] void refuse(const YAML::Mark& mark,
                           const std::string& what,
                           const std::string& remedy) const {
    throw core::error::request(what, where(place(mark)), remedy);
  }

  bool expects_key() const {
    return !open_.empty() && open_.back()->is == node::shape::map && !has_key_;
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      refuse(mark, "anchors are not read",
             "write the value out, or share a whole block with use:");
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(mark, "the tag " + one_line(tag, 60) + " is not read",
             "leave it out: keys know the types of their values");
    if (++num_nodes_ > yaml_nodes_max)
      refuse(mark, "there are too many values",
             "use at most " + std::to_string(yaml_nodes_max));
  }

  void add_scalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value,
                  const position& at) {
    check(mark, tag, anchor);
    const auto is_quoted = tag == "!";
    if (expects_key()) {
      take_key(mark, value, is_quoted);
      return;
    }
    auto made = std::make_unique<node>();
    made->value = {value, is_quoted};
    made->at = at;
    add(std::move(made));
  }

  void take_key(const YAML::Mark& mark, const std::string& key, bool is_quoted) {
    if (key == "<<" && !is_quoted)
      refuse(mark, "merge keys (<<) are not read",
             "write the keys out, or share a whole block with use:");
    if (key.empty() || kind_of({key, is_quoted}) == scalar_kind::nothing)
      refuse(mark, "a key is empty", "give it a name");
    if (const auto* first = open_.back()->find(key))
      refuse(mark,
             "duplicate key \"" + one_line(key, 60) + "\", first on line "
               + std::to_string(first->at.line),
             "remove one of them");
    key_ = {key, place(mark), nullptr};
    has_key_ = true;
  }

  void open(const YAML::Mark& mark,
            const std::string& tag,
            YAML::anchor_t anchor,
            YAML::EmitterStyle::value style,
            node::shape shape) {
    check(mark, tag, anchor);
    if (expects_key())
      refuse(mark, "a key must be a word, not a list or a map",
             "close the bracket, or put text with brackets in quotes");
    if (open_.size() >= yaml_depth_max)
      refuse(mark, "nested deeper than " + std::to_string(yaml_depth_max) + " levels",
             "flatten it: no experiment needs so many");
    auto made = std::make_unique<node>();
    made->is = shape;
    made->at = place(mark);
    made->in_flow_style = style == YAML::EmitterStyle::Flow;
    auto* opened = made.get();
    add(std::move(made));
    open_.push_back(opened);
  }

  void add(std::unique_ptr<node> value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back()->is == node::shape::list) {
      open_.back()->items.push_back(std::move(value));
    } else {
      key_.value = std::move(value);
      open_.back()->entries.push_back(std::move(key_));
      has_key_ = false;
    }
  }

  std::string source_;
  std::unique_ptr<node> root_;
  std::vector<node*> open_;
  node::entry key_; ///< waits for its value
  bool has_key_ = false;
  bool has_document_ = false;
  std::size_t num_nodes_ = 0;
};

} // namespace

std::unique_ptr<node> read_yaml(const std::string& text, const std::string& source) {
  check_plain_text(text, source);
  tree_builder builder{source};
  try {
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder))
      continue;
  } catch (const YAML::Exception& broken) {
    const position at{layer::file, source,
                      static_cast<std::size_t>(broken.mark.line) + 1,
                      static_cast<std::size_t>(broken.mark.column) + 1};
    const auto is_too_deep = broken.msg == YAML::ErrorMsg::BAD_FILE;
    throw core::error::request(
      is_too_deep ? "nested too deeply" : "is not YAML (" + one_line(broken.msg) + ")",
      where(at), "check indentation, brackets and quotes here and just above");
  }
  return builder.tree();
}

} // namespace souk::experiments
