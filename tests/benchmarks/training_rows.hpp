#pragma once

#include "core/error.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/shapes.hpp"

namespace souk::benchmarks {

/// Returns the rows that were asked for. Throws `error` of the request if a folder is
/// given for another shape than ml1m.
inline core::interactions rows_of(const data_choice& data) {
  const auto& shape = shape_named(data.shape);
  if (data.ml1m.empty())
    return synthetic_rows(shape);
  if (shape.name != "ml1m")
    throw core::error::request("its rows are not of the shape " + shape.name, "--ml1m",
                               "use it with --shape ml1m");
  return read_training_csv(data.ml1m);
}

} // namespace souk::benchmarks
