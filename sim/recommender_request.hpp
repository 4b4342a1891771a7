#pragma once

#include "core/recommender.hpp"
#include "sim/slate_demand.hpp"

#include <vector>

namespace souk::sim {

/// A demand as a recommender is asked: histories, what may appear, and what is known of
/// the users. The demand must live as long.
struct recommender_request {
  recommender_request(const core::recommender& model, const slate_demand& demand);

  recommender_request(const recommender_request&) = delete;
  recommender_request& operator=(const recommender_request&) = delete;

  std::vector<core::assortment> assortments;
  core::rank_request request;
};

} // namespace souk::sim
