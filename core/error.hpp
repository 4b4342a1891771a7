#pragma once

#include <stdexcept>
#include <string>

namespace souk::core {

/// Who has to act on an error. The numbers are the exit codes of souk's processes.
enum class blame {
  environment = 1, ///< a file, a port, a disk
  request = 2,     ///< the request was wrong (YAML, a flag, an argument)
};

constexpr int exit_code_of(blame whom) {
  return static_cast<int>(whom);
}

/// A broken environment or a wrong request: what, where, and what to do about it.
///
/// Caught in two places only: `main`, and the exception handler that all actors share.
class error : public std::runtime_error {
public:
  /// Composes "where: what; remedy". `where` and `remedy` may be empty.
  error(std::string what,
        std::string where,
        std::string remedy,
        blame whom = blame::environment);

  /// Returns an error of the request, composed in the same way.
  static error request(std::string what, std::string where, std::string remedy);

  blame whom() const noexcept {
    return whom_;
  }

private:
  blame whom_;
};

/// Aborts and says which promise broke. Always on: a bug must not produce numbers.
void expects(bool holds, const char* promise);

} // namespace souk::core
