#pragma once

#include "core/attributes.hpp"
#include "core/ids.hpp"
#include "core/span.hpp"

#include <array>
#include <cstdint>

namespace souk::sim {

constexpr std::uint32_t max_dimensions = 16;

/// What a shopper's utilities follow from at one moment: taste less boredom as one
/// direction in the space of items, and the weights of everything else.
struct shopper_view {
  std::array<float, max_dimensions> direction{}; ///< zero above the world's dimensions
  float price_weight = 0;                        ///< utility lost per sd of log price
  float novelty_weight = 0;                      ///< utility of an item being new
  float brand_weight = 0;                        ///< utility of `brand`
  float need_weight = 0;                         ///< utility of category `need`
  float favourite_weight = 0;                    ///< utility of item `favourite`
  std::uint32_t brand = core::no_code;           ///< bought last
  std::uint32_t need = core::no_code;            ///< what the session is after
  core::item_id favourite = core::no_item; ///< what the session wants to buy again
  core::span<const core::item_id> wanted;  ///< ascending: what the real user took
  float wanted_weight = 0;                 ///< utility of each of `wanted`
  std::uint32_t day = 0;                   ///< today; tells which items are new
};

} // namespace souk::sim
