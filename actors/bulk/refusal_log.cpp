#include "actors/bulk/refusal_log.hpp"

#include "core/log.hpp"

namespace souk::actors::bulk {

namespace {

constexpr std::chrono::seconds quiet_time{1};

} // namespace

void refusal_log::note(const std::string& address, const std::string& why) {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) {
    ++left_out_;
    return;
  }
  next_ = now + quiet_time;
  core::log::warning(
    "refused " + (address.empty() ? std::string{"somebody"} : address) + " ("
    + to_string(about_) + "): " + why
    + (left_out_ > 0 ? ", and " + std::to_string(left_out_) + " others before" : ""));
  left_out_ = 0;
}

} // namespace souk::actors::bulk
