#include "core/snapshot.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"

namespace souk::core {

const named_tensor& snapshot::tensor(const std::string& name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end())
    throw error{"the tensor \"" + name + "\" is missing", "snapshot of " + kind,
                "train the model again"};
  return found->second;
}

const std::string& snapshot::option(const std::string& name) const {
  const auto found = options.find(name);
  if (found == options.end())
    throw error{"the option \"" + name + "\" is missing", "snapshot of " + kind,
                "train the model again"};
  return found->second;
}

std::string digest_of(const snapshot& model) {
  digest whole;
  whole.feed(model.kind);
  for (const auto& [name, value] : model.options) {
    whole.feed(name);
    whole.feed(value);
  }
  for (const auto& [name, tensor] : model.tensors) {
    whole.feed(name);
    for (const auto extent : tensor.shape)
      whole.feed(extent);
    whole.feed_bytes(tensor.floats.data(), tensor.floats.size() * sizeof(float));
    whole.feed_bytes(tensor.integers.data(),
                     tensor.integers.size() * sizeof(std::uint32_t));
  }
  return whole.finish();
}

} // namespace souk::core
