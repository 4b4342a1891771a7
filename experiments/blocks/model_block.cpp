#include "experiments/blocks.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

void read_autoencoder(section& model, models::model_options& options) {
  model.read("hidden", options.hidden,
             positive() & at_most(100000) & at_most_entries(8));
  model.read("latent", options.latent, positive() & at_most(100000));
  model.read("dropout", options.dropout, from_to_below(0, 1));
  if (options.kind != "mult_vae")
    return;
  auto kl = model.at("kl");
  kl.read("cap", options.kl_cap, not_negative());
  kl.read("anneal_steps", options.kl_anneal_steps);
  kl.finish();
}

/// Names become files and columns of tables.
bool is_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  // Folders of checkpoints have numbers for names.
  const auto has_letter = [](char c) {
    return c >= 'a' && c <= 'z';
  };
  return !name.empty() && name.size() <= 40 && has_letter(name.front())
         && !is_reserved_name(name) && name != "bm25"
         && std::all_of(name.begin(), name.end(), allowed);
}

} // namespace

bool is_reserved_name(const std::string& name) {
  return name == "real" || name == "all" || name == "random" || name == "reference";
}

named_model read_model(section model) {
  named_model read;
  auto& options = read.options;
  model.require("kind", options.kind,
                one_of({"mult_vae", "mult_dae", "ease", "item_knn", "pure_svd",
                        "popularity", "segment_popularity"}));
  if (options.kind == "mult_vae" || options.kind == "mult_dae")
    read_autoencoder(model, options);
  if (options.kind == "item_knn")
    model.read("neighbours", options.neighbours, positive());
  if (options.kind == "pure_svd")
    model.read("factors", options.factors, positive() & at_most(100000));
  if (options.kind == "ease")
    model.read("l2", options.l2, positive());
  if (options.kind == "segment_popularity") {
    model.read("segments", options.segments, not_empty() & distinct());
    model.read("smoothing", options.smoothing, not_negative());
  }
  read.name = options.kind;
  model.read(
    "name", read.name,
    text_where(is_name, "is no name for a model",
               "use small letters, digits, _ and -, but neither random nor reference, "
               "real or all, which mean something in results"));
  model.finish();
  return read;
}

} // namespace souk::experiments
