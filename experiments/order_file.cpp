#include "experiments/order_file.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace souk::experiments {

using actors::range_event;
using nlohmann::ordered_json;

namespace {

/// A line of the file.
struct stretch {
  std::size_t range = 0;
  std::size_t num_ranges = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  actors::range_order order;
};

std::string text_of(const actors::range_order& order, std::uint64_t first) {
  std::string text;
  for (const auto& event : order) {
    text += text.empty() ? "" : " ";
    text += event.what == range_event::kind::read ? 'r' : 'a';
    text += std::to_string(event.turn - first);
  }
  return text;
}

/// Throws `core::error` for what is no text of an order.
actors::range_order order_in(const std::string& text, std::uint64_t first) {
  actors::range_order order;
  const auto* end = text.data() + text.size();
  for (const auto* at = text.data(); at != end;) {
    const auto letter = *at;
    std::uint64_t step = 0;
    const auto [stopped, failure] = std::from_chars(at + 1, end, step);
    if ((letter != 'r' && letter != 'a') || failure != std::errc{}
        || (stopped != end && *stopped != ' '))
      throw core::error{"is no order of events", "", ""};
    order.push_back({letter == 'r' ? range_event::kind::read : range_event::kind::apply,
                     first + step});
    at = stopped == end ? end : stopped + 1;
  }
  return order;
}

std::string line_of(const stretch& part) {
  ordered_json json;
  json["range"] = part.range;
  json["ranges"] = part.num_ranges;
  json["first"] = part.first;
  json["last"] = part.last;
  json["events"] = text_of(part.order, part.first);
  return json.dump() + '\n';
}

stretch stretch_in(const std::string& line) {
  const auto json = ordered_json::parse(line);
  stretch part;
  json.at("range").get_to(part.range);
  json.at("ranges").get_to(part.num_ranges);
  json.at("first").get_to(part.first);
  json.at("last").get_to(part.last);
  part.order = order_in(json.at("events").get<std::string>(), part.first);
  return part;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw core::error{what, path,
                    "it was damaged or written by something else; the run cannot be "
                    "repeated without it"};
}

std::vector<stretch> read_stretches(const std::string& path) {
  std::vector<stretch> parts;
  for (const auto& line : read_lines(path)) {
    const auto place = path + ':' + std::to_string(parts.size() + 1);
    try {
      parts.push_back(stretch_in(line));
    } catch (const nlohmann::json::exception& broken) {
      refuse(place, std::string{"is no stretch of an order ("} + broken.what() + ")");
    } catch (const core::error& broken) {
      refuse(place, broken.what());
    }
    const auto& part = parts.back();
    if (part.range >= part.num_ranges || part.first >= part.last
        || part.num_ranges != parts.front().num_ranges)
      refuse(place, "is of another training");
  }
  return parts;
}

} // namespace

order_file::order_file(std::string path) : lines_{std::move(path)} {}

void order_file::rewind(std::uint64_t step) {
  std::string kept;
  for (const auto& part : read_stretches(lines_.path()))
    if (part.last <= step)
      kept += line_of(part);
  lines_.replace(kept);
}

void order_file::append(std::uint64_t first,
                        std::uint64_t last,
                        std::size_t range,
                        std::size_t num_ranges,
                        const actors::range_order& order) {
  lines_.append(line_of({range, num_ranges, first, last, order}));
  // A checkpoint that follows must not outlive it.
  if (range + 1 == num_ranges)
    lines_.sync();
}

std::string order_entry(const std::string& model) {
  return "orders/" + model + ".jsonl";
}

std::vector<actors::range_order> read_orders(const std::string& path,
                                             std::uint64_t last) {
  std::vector<actors::range_order> orders;
  for (const auto& part : read_stretches(path)) {
    orders.resize(part.num_ranges);
    auto& order = orders[part.range];
    order.insert(order.end(), part.order.begin(), part.order.end());
  }
  if (orders.empty())
    refuse(path, "tells of no step");
  for (const auto& order : orders)
    if (!actors::is_complete(order, 0, last))
      refuse(path, "does not tell of every step up to " + std::to_string(last));
  return orders;
}

order_extent extent_of_orders(const std::string& path) {
  std::vector<std::uint64_t> told; // by range
  for (const auto& part : read_stretches(path)) {
    told.resize(part.num_ranges);
    if (part.first == told[part.range])
      told[part.range] = part.last;
  }
  if (told.empty())
    return {};
  return {*std::min_element(told.begin(), told.end()), told.size()};
}

} // namespace souk::experiments
