#pragma once

#include <cstdint>

/// Student's t distribution with the same bits on every processor: its probabilities
/// enter results.
namespace souk::eval {

/// Returns the chance that |T| is at least `t` (t >= 0), with so many degrees of
/// freedom (1 or more). Accurate to 1e-12.
double student_t_two_sided(double t, std::uint64_t degrees);

/// Returns the t below which T lies with the given probability in [0.5, 1).
double student_t_quantile(double probability, std::uint64_t degrees);

} // namespace souk::eval
