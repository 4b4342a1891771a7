#pragma once

#include <functional>
#include <string>

namespace souk::experiments {

/// Returns the text of the `core::error` that `work` throws, or nothing if it throws
/// none. Fails the test unless the request is to blame (exit code 2).
std::string refusal_of(const std::function<void()>& work);

/// Returns the text of the `core::error` that `work` throws, whoever is to blame.
std::string failure_of(const std::function<void()>& work);

} // namespace souk::experiments
