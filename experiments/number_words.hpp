#pragma once

#include <cstdint>
#include <string>

/// Numbers as people read them.
namespace souk::experiments {

/// Returns a number with separators ("1,234,567").
std::string grouped(std::uint64_t number);

/// Returns a rate with three digits ("3.21", "45.6", "1,234").
std::string rate_text(double per_second);

/// Returns seconds as "0:07", "12:34" or "1:02:03".
std::string clock_text(double seconds);

/// Returns bytes and seconds with a unit, of three digits where there is a larger one
/// ("1.25 GB", "38.2 ms", "1234 s").
std::string bytes_text(double bytes);
std::string seconds_text(double seconds);

/// Returns a share of one as "25%".
std::string percent_text(double share);

} // namespace souk::experiments
