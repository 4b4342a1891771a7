#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace souk::core {

/// One row of `results.json`, the only table that an experiment ends in.
struct result_row {
  std::string stage;  ///< offline, cold_start, online, replay, training, data
  std::string model;  ///< a model or a policy
  std::string metric; ///< "ndcg@100", "purchases_per_user"
  std::string group;  ///< "all", "history=3", "newcomer"
  double mean = 0;
  double ci_low = 0; ///< 95% interval; equals the mean where there is no sampling error
  double ci_high = 0;
  std::uint64_t n = 0;           ///< users, sessions or worlds that the mean is over
  std::string against;           ///< the other model of a comparison, else empty
  std::optional<double> p_value; ///< of a comparison, after Holm's correction
  bool measured = false;         ///< a wall-clock figure: not in the digest
};

/// Returns a row over everybody, of a number without sampling error.
result_row exact_row(std::string stage,
                     std::string model,
                     std::string metric,
                     double value,
                     std::uint64_t n);

/// The same of a wall-clock figure.
result_row measured_row(std::string stage,
                        std::string model,
                        std::string metric,
                        double value,
                        std::uint64_t n);

/// Returns the SHA-256 over all rows that are not measured, sorted.
std::string digest_of(std::vector<result_row> rows);

} // namespace souk::core
