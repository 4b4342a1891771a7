#pragma once

#include "sim/options.hpp"

#include <vector>

namespace souk::sim {

/// How far down a slate a shopper looks. Looking is nested: whoever sees a place has
/// seen all above it.
///
/// `cascade`: one place further with a fixed chance (the examination part of Craswell
/// et al., WSDM 2008). `by_position`: the chance to see place j is (j + 1)^-exponent
/// (the position-based model's marginals). `examine_all`: everything is seen.
class attention {
public:
  attention(const attention_options& options, std::uint32_t slate_size);

  /// Returns the chance that place `position`, from 0, is seen; 1 at the top.
  double examination(std::uint32_t position) const {
    return examination_[position];
  }

  /// Returns how many of `length` places are seen, given a uniform draw.
  std::uint32_t depth(double draw, std::uint32_t length) const;

private:
  std::vector<double> examination_; ///< descends
};

} // namespace souk::sim
