#pragma once

#include "core/interactions.hpp"
#include "models/model_options.hpp"
#include "tests/benchmarks/commands.hpp"

namespace souk::benchmarks {

/// Returns the milliseconds that each phase of a step takes: the learner and the
/// optimiser of one trainer and one server, without the actors around them. The actors'
/// own step is longer by what they need to talk.
nlohmann::ordered_json phases_of(const train_request& request,
                                 models::precision precision,
                                 const core::interactions& rows);

} // namespace souk::benchmarks
