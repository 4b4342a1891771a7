#include "actors/failure.hpp"

#include "actors/messages/types.hpp"

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace souk::actors {

caf::error refusal(core::errc code, const std::string& text) {
  return caf::make_error(code, text);
}

std::string describe(const caf::error& reason) {
  if (!reason)
    return "it ended without a reason";
  std::string text;
  if (reason.category() == caf::atom("souk"))
    text = to_string(static_cast<core::errc>(reason.code()));
  else if (reason.category() == caf::atom("system"))
    text = to_string(static_cast<caf::sec>(reason.code()));
  else if (reason.category() == caf::atom("exit"))
    text = to_string(static_cast<caf::exit_reason>(reason.code()));
  else
    text = "error " + std::to_string(reason.code());
  const auto& context = reason.context();
  if (context.match_elements<std::string>()) {
    const auto& words = context.get_as<std::string>(0);
    return text == "failed" ? words : text + ": " + words;
  }
  return text;
}

core::error error_of(const caf::error& reason, const std::string& whom) {
  return {describe(reason), whom, "",
          reason == core::errc::incompatible_node ? core::blame::request
                                                  : core::blame::environment};
}

caf::error failure_of(std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& broken) {
    return refusal(core::errc::failed, broken.what());
  } catch (...) {
    return refusal(core::errc::failed, "something that is no exception was thrown");
  }
}

} // namespace souk::actors
