#pragma once

#include <cstddef>
#include <string>

namespace souk::experiments {

/// Where a value of an experiment was decided, from the weakest to the strongest.
enum class layer {
  standard, ///< nobody said anything: the program's default
  block,    ///< a file that `use:` names
  file,     ///< the experiment's file
  overlay,  ///< a file that `use: {debug: ...}` names
  command,  ///< `-s key=value`
};

/// A place in a file or on the command line.
struct position {
  layer from = layer::file;
  std::string source;     ///< a file's path, or "-s a.b=c"
  std::size_t line = 0;   ///< from 1; 0 = the source as a whole
  std::size_t column = 0; ///< from 1
};

/// Returns "file:line:column", or the override itself: how messages begin. For a
/// default it is the place where the value could have stood.
std::string where(const position& at);

/// Returns "file:line:column: key", or the place alone where there is no key.
std::string where(const position& at, const std::string& key);

/// Returns "file:line", "-s" or "default": how resolved files name a value's layer.
std::string origin(const position& at);

/// Returns text that may come from anywhere as one printable line of at most `most`
/// bytes: control characters are escaped, what is too long is cut.
std::string one_line(const std::string& text, std::size_t most = 200);

} // namespace souk::experiments
