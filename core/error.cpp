#include "core/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace souk::core {

namespace {

std::string
compose(std::string what, const std::string& where, const std::string& remedy) {
  auto text = where.empty() ? std::move(what) : where + ": " + what;
  if (!remedy.empty())
    text += "; " + remedy;
  return text;
}

} // namespace

error::error(std::string what, std::string where, std::string remedy, blame whom)
  : std::runtime_error{compose(std::move(what), where, remedy)}, whom_{whom} {
  // nop
}

error error::request(std::string what, std::string where, std::string remedy) {
  return {std::move(what), std::move(where), std::move(remedy), blame::request};
}

void expects(bool holds, const char* promise) {
  if (holds)
    return;
  std::fprintf(stderr, "souk: a promise of the code broke (a bug): %s\n", promise);
  std::abort();
}

} // namespace souk::core
