#include "models/snapshot_checks.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace souk::models {

namespace {

constexpr std::size_t longest_number = 10;

std::string to_string(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (const auto extent : shape)
    text += (text.empty() ? "" : ", ") + std::to_string(extent);
  return "[" + text + "]";
}

const core::named_tensor& tensor_of(const core::snapshot& model,
                                    const std::string& name,
                                    const std::vector<std::uint64_t>& shape,
                                    bool holds_floats) {
  const auto& tensor = model.tensor(name);
  if (tensor.shape != shape)
    refuse_snapshot(model, "the tensor \"" + name + "\" is " + to_string(tensor.shape)
                             + " and should be " + to_string(shape));
  const auto size =
    std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>{});
  if ((holds_floats ? tensor.floats.size() : tensor.integers.size()) != size)
    refuse_snapshot(model, "the tensor \"" + name + "\" lacks values");
  return tensor;
}

std::uint64_t parsed(const core::snapshot& model,
                     const std::string& option,
                     const std::string& text) {
  const auto is_digit = [](char c) {
    return c >= '0' && c <= '9';
  };
  if (text.empty() || text.size() > longest_number
      || !std::all_of(text.begin(), text.end(), is_digit)
      || std::stoull(text) > 0xFFFFFFFFULL)
    refuse_snapshot(model,
                    "the option \"" + option + "\" is \"" + text + "\", no number");
  return std::stoull(text);
}

} // namespace

void refuse_snapshot(const core::snapshot& model, const std::string& what) {
  throw core::error{what, "snapshot of " + model.kind,
                    "train the model again, or use an earlier checkpoint"};
}

const core::named_tensor& floats_of(const core::snapshot& model,
                                    const std::string& name,
                                    const std::vector<std::uint64_t>& shape) {
  const auto& tensor = tensor_of(model, name, shape, true);
  if (!std::all_of(tensor.floats.begin(), tensor.floats.end(),
                   [](float value) { return std::isfinite(value); }))
    refuse_snapshot(model, "the tensor \"" + name + "\" holds numbers that are not");
  return tensor;
}

const core::named_tensor& integers_of(const core::snapshot& model,
                                      const std::string& name,
                                      const std::vector<std::uint64_t>& shape) {
  return tensor_of(model, name, shape, false);
}

std::uint64_t whole_number(const core::snapshot& model, const std::string& option) {
  return parsed(model, option, model.option(option));
}

std::vector<std::uint64_t> whole_numbers(const core::snapshot& model,
                                         const std::string& option) {
  std::vector<std::uint64_t> numbers;
  const auto& text = model.option(option);
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    numbers.push_back(parsed(model, option, text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return numbers;
}

} // namespace souk::models
