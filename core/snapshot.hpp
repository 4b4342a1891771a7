#pragma once

#include "core/aligned_vector.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace souk::core {

/// A named tensor of floats or of 32-bit integers (one of the two is empty).
struct named_tensor {
  std::vector<std::uint64_t> shape; ///< row-major
  aligned_vector<float> floats;
  std::vector<std::uint32_t> integers;
};

/// A trained model as data: everything needed to rank with it, and nothing else.
///
/// `options` are the numbers and words that its constructor needs ("hidden": "600"), in
/// the model's own spelling. Tensors are ordered by name, which is also the order of
/// the digest.
struct snapshot {
  std::string kind; ///< "mult_vae", "ease", ...
  std::map<std::string, std::string> options;
  std::map<std::string, named_tensor> tensors;

  /// Returns the tensor of that name; throws `error` naming kind and tensor if absent.
  const named_tensor& tensor(const std::string& name) const;

  /// Returns an option; throws `error` naming kind and option if absent.
  const std::string& option(const std::string& name) const;
};

/// Returns the SHA-256 over kind, options and tensors in name order.
std::string digest_of(const snapshot& model);

} // namespace souk::core
