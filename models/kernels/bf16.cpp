#include "models/kernels/bf16.hpp"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/kernels/bf16.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace souk::models::kernels {

namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void round_all(core::span<const float> values, bf16* out) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> whole;
  const hn::Rebind<std::uint16_t, decltype(tag)> half;
  const auto lanes = hn::Lanes(tag);
  auto* halves = reinterpret_cast<std::uint16_t*>(out);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto value = hn::LoadU(tag, values.data() + i);
    const auto bits = hn::BitCast(whole, value);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(whole, 1));
    const auto rounded = hn::Add(hn::Add(bits, hn::Set(whole, 0x7FFF)), odd);
    // Rounding could turn a NaN into an infinity; its quiet bit keeps it one.
    const auto quiet = hn::Or(bits, hn::Set(whole, 0x400000));
    const auto kept =
      hn::IfThenElse(hn::RebindMask(whole, hn::IsNaN(value)), quiet, rounded);
    hn::StoreU(hn::TruncateTo(half, hn::ShiftRight<16>(kept)), half, halves + i);
  }
  for (; i < values.size(); ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &values[i], sizeof bits);
    const auto is_nan = values[i] != values[i];
    bits = is_nan ? bits | 0x400000U : bits + 0x7FFFU + (bits >> 16U & 1U);
    halves[i] = static_cast<std::uint16_t>(bits >> 16U);
  }
}

void widen_all(const bf16* values, core::span<float> out) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> whole;
  const hn::Rebind<std::uint16_t, decltype(tag)> half;
  const auto lanes = hn::Lanes(tag);
  const auto* halves = reinterpret_cast<const std::uint16_t*>(values);
  std::size_t i = 0;
  for (; i + lanes <= out.size(); i += lanes) {
    const auto bits = hn::PromoteTo(whole, hn::LoadU(half, halves + i));
    hn::StoreU(hn::BitCast(tag, hn::ShiftLeft<16>(bits)), tag, out.data() + i);
  }
  for (; i < out.size(); ++i) {
    const auto bits = std::uint32_t{halves[i]} << 16U;
    std::memcpy(&out[i], &bits, sizeof bits);
  }
}

} // namespace HWY_NAMESPACE

} // namespace souk::models::kernels

HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace souk::models::kernels {

HWY_EXPORT(round_all);
HWY_EXPORT(widen_all);

void round_to_bf16(core::span<const float> values, bf16* out) {
  HWY_DYNAMIC_DISPATCH(round_all)(values, out);
}

void widen(const bf16* values, core::span<float> out) {
  HWY_DYNAMIC_DISPATCH(widen_all)(values, out);
}

} // namespace souk::models::kernels

#endif
