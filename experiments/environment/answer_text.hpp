#pragma once

#include "sim/episode.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an environment tells, as lines of JSON without the newline (docs/environment.md
/// says what each key is).
namespace souk::experiments {

/// The chance that a slot's slate is clicked; less than 0 where none was shown:
/// [slots].
using slate_values = std::vector<double>;

/// Values slates that are about to be shown, parallel to the rows of the demand.
slate_values values_of(const sim::episode& played,
                       const std::vector<std::vector<core::item_id>>& slates);

std::string
reset_answer(const sim::episode& played, std::uint32_t world, bool reveal_truth);

/// `values` are told, and with them the best slates for who waits now, if there are
/// any.
std::string step_answer(const sim::episode& played,
                        std::uint32_t world,
                        const sim::episode_outcome& told,
                        const std::optional<slate_values>& values);

/// The catalogue of a world, as far as a shop knows it.
std::string items_answer(const sim::world& market);

} // namespace souk::experiments
