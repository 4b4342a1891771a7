#include "tests/eval/toy_recommenders.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace souk::eval {

toy_recommender::toy_recommender(std::string name, std::size_t num_items, scorer score)
  : name_{std::move(name)}, num_items_{num_items}, score_{std::move(score)} {
  // nop
}

core::slates toy_recommender::rank(const core::rank_request& request) const {
  core::slates out;
  out.slate_size = request.slate_size;
  for (std::size_t row = 0; row < request.history->num_rows(); ++row)
    rank_row(request, row, out);
  return out;
}

void toy_recommender::score(const core::rank_request& request,
                            core::span<float> out) const {
  for (std::size_t row = 0; row < request.history->num_rows(); ++row) {
    const auto scores = scores_of(request, row);
    std::copy(scores.begin(), scores.end(), out.begin() + row * num_items_);
    for (const auto item : request.excluded->row(row))
      out[row * num_items_ + item] = -std::numeric_limits<float>::infinity();
  }
}

std::vector<float> toy_recommender::scores_of(const core::rank_request& request,
                                              std::size_t row) const {
  toy_row known{request.history->row(row)};
  if (request.attributes != nullptr) {
    const auto codes = request.attributes->columns.front().codes_of(row);
    known.code = codes.empty() ? core::no_code : codes[0];
  }
  return score_(known);
}

void toy_recommender::rank_row(const core::rank_request& request,
                               std::size_t row,
                               core::slates& out) const {
  const auto scores = scores_of(request, row);
  std::vector<core::item_id> items(num_items_);
  std::iota(items.begin(), items.end(), 0U);
  const auto excluded = request.excluded == nullptr ? core::span<const core::item_id>{}
                                                    : request.excluded->row(row);
  const auto is_excluded = [&](core::item_id item) {
    return std::binary_search(excluded.begin(), excluded.end(), item);
  };
  items.erase(std::remove_if(items.begin(), items.end(), is_excluded), items.end());
  std::stable_sort(items.begin(), items.end(), [&](core::item_id a, core::item_id b) {
    return scores[a] > scores[b];
  });
  for (std::size_t place = 0; place < request.slate_size; ++place) {
    const auto filled = place < items.size();
    out.items.push_back(filled ? items[place] : core::no_item);
    out.scores.push_back(filled ? scores[items[place]]
                                : -std::numeric_limits<float>::infinity());
  }
}

toy_recommender always(std::string name, std::vector<float> scores) {
  const auto num_items = scores.size();
  return {std::move(name), num_items, [scores = std::move(scores)](const toy_row&) {
            return scores;
          }};
}

core::interactions matrix(std::uint32_t num_items,
                          const std::vector<std::vector<core::item_id>>& rows,
                          const std::vector<std::vector<core::time_ms>>& times) {
  core::interactions built;
  built.num_items = num_items;
  for (std::size_t row = 0; row < rows.size(); ++row)
    built.append_row(rows[row],
                     times.empty() ? std::vector<core::time_ms>{} : times[row]);
  return built;
}

core::attribute_table segments(const std::vector<std::uint32_t>& codes) {
  core::attribute_column column;
  column.name = "segment";
  column.vocabulary = {"a", "b", "c", "d"};
  column.codes = codes;
  return {codes.size(), {column}};
}

} // namespace souk::eval
