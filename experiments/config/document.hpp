#pragma once

#include "core/error.hpp"
#include "experiments/config/section.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::experiments {

/// An experiment as its file, the blocks that it uses and the command line say it.
///
/// From the weakest to the strongest: defaults; blocks (`use: {data: movielens_1m}`
/// reads configs/data/movielens_1m.yaml as the `data:` block); the file; an overlay
/// (`use: {debug: two_users}` reads configs/debug/two_users.yaml, laid over the whole
/// file); overrides (`-s training.epochs=3`, where the value is a YAML scalar or stands
/// in brackets). Blocks are looked for in the `configs` folder that the file lies in,
/// then in that of the working directory.
///
/// A document can be moved; its sections stay valid.
class document {
public:
  /// Reads a file. Throws `core::error` (of the request): see `section`.
  static document load(const std::string& path,
                       const std::vector<std::string>& overrides = {});

  /// Reads text as if it were the file `source`.
  static document parse(const std::string& text,
                        const std::string& source,
                        const std::vector<std::string>& overrides = {});

  /// The whole file as a section.
  section root();

  /// Opens a top-level block: `root().at(key)`.
  section at(const std::string& key);

  /// Call when everything was read: refuses every key, at any depth, that nobody
  /// declared.
  void finish();

  /// Returns the file as it was understood: YAML that loads to the same values, each
  /// with a comment that names its layer. Complete once everything was read.
  std::string resolved() const;

  /// Returns the SHA-256 over all values but those of `cluster:`.
  std::string digest_without_cluster() const;

  /// Returns an error (of the request) at a dotted path ("simulation.days",
  /// "baselines[1].l2"): for what only another room can find out.
  core::error error_at(const std::string& path,
                       const std::string& what,
                       const std::string& remedy = "") const;

private:
  explicit document(std::unique_ptr<node> tree);

  std::unique_ptr<node> tree_;
};

} // namespace souk::experiments
