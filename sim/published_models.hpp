#pragma once

#include "sim/options.hpp"
#include "sim/world.hpp"

namespace souk::sim {

/// Sets what differs from a shop's defaults: a slate as published, one world, one day
/// (a step is a second, and nobody lives for a day), and the policies that need no
/// model.
void set_published_defaults(simulation_options& options);

/// Makes the parts of a published model's world: its laws, and a catalogue of its
/// products or videos in which everything costs the same and is there from the start.
/// Of the users a shop knows nothing but what they do.
world_parts published_parts(const simulation_options& options);

} // namespace souk::sim
