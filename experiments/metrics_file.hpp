#pragma once

#include "experiments/line_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// A point of a training curve, or something measured of one of the training's roles.
struct metric_point {
  std::string model; ///< whose training it is
  std::uint64_t step = 0;
  std::uint64_t epoch = 0;
  std::string name; ///< "loss", "ndcg@100", "wait_seconds"
  double value = 0;
  std::string role{};    ///< "trainer 1"; empty: of the training as a whole
  std::string process{}; ///< where the role is; empty likewise
};

/// `metrics.jsonl`, open for appending: one line per point, as
/// {"model":…,"step":…,"epoch":…,"name":…,"value":…}, and for what roles did in an
/// epoch also ,"role":…,"process":…. One thread at a time.
class metrics_file {
public:
  /// Opens or creates the file and cuts off a last line that a crash left unfinished.
  /// Throws `core::error`.
  explicit metrics_file(std::string path);

  /// Removes a model's points beyond `step`: they belong to steps that will be done
  /// again from a checkpoint. Returns the last step that had one. Throws `core::error`.
  std::uint64_t rewind(const std::string& model, std::uint64_t step);

  /// Appends a point as one whole line; a value that is not finite becomes null. Throws
  /// `core::error`.
  void append(const metric_point& point);

  /// Appends several in one go.
  void append(const std::vector<metric_point>& points);

private:
  line_file lines_;
};

/// Reads all points; an unfinished last line is left out. Nothing if there is no such
/// file. Throws `core::error` naming file and line.
std::vector<metric_point> read_metrics(const std::string& path);

} // namespace souk::experiments
